import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Listr, type ListrTask } from "listr2";
import { type LocalEnvironment, startEnvironment } from "#local/environment/environment";
import { invokeFunction } from "#local/functions/invoke-function";
import { functionEnvironment } from "#local/functions/start-function";
import { type PowerShellChoice, resolvePowerShell } from "#local/powershell/resolve";
import { print } from "#local/print";
import { counted, formatCount } from "#runtime/text";
import { type Manifest, manifestSchema } from "#snapshots/manifest";

type Options = { users: number; groups: number; seed: number; source: "recipients" | "users" };
type Answer = Record<string, unknown>;
type Context = { environment?: LocalEnvironment; answers: Partial<Record<Kind, Answer>> };

const kinds = ["users", "groups"] as const;
type Kind = (typeof kinds)[number];

const samples = 1;

/** The whole path on one machine: a tenant, its users and groups read through real PowerShell, published, summed up. */
export async function startCommand(options: Options): Promise<void> {
  const powershell = await resolvePowerShell();
  print(powershell.describe);

  const context: Context = { answers: {} };
  try {
    await createTasks(options, powershell).run(context);
    for (const kind of kinds) {
      const answer = context.answers[kind];
      if (context.environment && answer) print(await summarize(kind, context.environment, answer));
    }
    if (kinds.every((kind) => context.answers[kind])) print("npm run inspect -- users (or groups) shows more.");
    else process.exitCode = 1; // the task has shown why
  } catch {
    process.exitCode = 1; // the task has shown why
  } finally {
    await context.environment?.stop();
  }
}

function createTasks(options: Options, powershell: PowerShellChoice): Listr<Context> {
  return new Listr<Context>([
    {
      title: `Local Exchange Online with ${formatCount(options.users)} users and ${formatCount(options.groups)} groups`,
      task: async (context) => {
        context.environment = await startEnvironment(options);
      },
    },
    {
      title: "Ingestion",
      // As on AWS, neither waits for the other.
      task: (_, task) =>
        task.newListr(
          kinds.map((kind) => createIngestion(kind, options, powershell)),
          { concurrent: true, exitOnError: false },
        ),
    },
  ]);
}

function createIngestion(kind: Kind, options: Options, powershell: PowerShellChoice): ListrTask<Context> {
  return {
    title: `ingest-${kind}`,
    task: async (context, task) => {
      if (!context.environment) return;
      const invocation = await invokeFunction(
        `ingest-${kind}`,
        JSON.stringify(options[kind] === 0 ? { allowShrinkTo: 0 } : {}),
        {
          environment: functionEnvironment(context.environment.address, powershell, { source: options.source }),
          onLog: (line) => {
            const rows = readProgress(line);
            if (rows !== undefined)
              task.title = `ingest-${kind}: ${formatCount(rows)} of ${formatCount(options[kind])}`;
          },
        },
      );
      if ("failure" in invocation) throw new Error(`${invocation.failure.code}: ${invocation.failure.message}`);
      context.answers[kind] = invocation.answer;
    },
  };
}

/** The rows so far, where the function's log line tells them. */
function readProgress(line: string): number | undefined {
  try {
    const { message, rows } = JSON.parse(line);
    return message === "Rows read" && typeof rows === "number" ? rows : undefined;
  } catch {
    return undefined;
  }
}

async function summarize(kind: Kind, { bucketFolder }: LocalEnvironment, answer: Answer): Promise<string> {
  const manifestFile = join(bucketFolder, String(answer.manifestKey));
  const manifest = manifestSchema.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  const seconds = Number(answer.durationMs) / 1000;
  const rows = manifest.totals.rows;
  const pages = counted(manifest.pages.length, "page", "pages");
  const lines = [
    `Published ${formatCount(rows)} ${kind} in ${pages}, read as ${manifest.source}.`,
    `  ${seconds.toFixed(1)} s with PowerShell's start and sign-in, ${formatCount(Math.round(rows / seconds))} rows a second`,
    `  pages  ${relative(process.cwd(), join(manifestFile, ".."))}`,
    ...(await readSamples(bucketFolder, manifest)).map((record) => `  record ${record}`),
  ];
  return lines.join("\n");
}

async function readSamples(bucketFolder: string, manifest: Manifest): Promise<string[]> {
  const [page] = manifest.pages;
  if (!page) return [];
  const text = await promisify(gunzip)(await readFile(join(bucketFolder, page.key)));
  return text.toString("utf8").split("\n").filter(Boolean).slice(0, samples);
}
