import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Listr } from "listr2";
import { type LocalEnvironment, startEnvironment } from "#local/environment";
import { functionEnvironment } from "#local/function-environment";
import { invokeFunction } from "#local/invoke-function";
import { resolvePowerShell } from "#local/powershell/resolve";
import { type Manifest, manifestSchema } from "#snapshots/manifest";

type Options = { users: number; groups: number; seed: number; source: "recipients" | "users" };
type Run = { environment?: LocalEnvironment; answer?: Record<string, unknown> };

const samples = 2;

/** The whole path on one machine: a tenant, its users read through real PowerShell, a published snapshot, a summary. */
export async function startCommand(options: Options): Promise<void> {
  const powershell = await resolvePowerShell();
  console.log(powershell.describe);

  const run: Run = {};
  try {
    await createTasks(options, powershell).run(run);
    if (run.environment && run.answer) console.log(await summarize(run.environment, run.answer));
  } catch {
    process.exitCode = 1; // the task has shown why
  } finally {
    await run.environment?.stop();
  }
}

function createTasks(options: Options, powershell: Awaited<ReturnType<typeof resolvePowerShell>>): Listr<Run> {
  return new Listr<Run>([
    {
      title: `Local Exchange Online with ${count(options.users)} users and ${count(options.groups)} groups`,
      task: async (run) => {
        run.environment = await startEnvironment(options);
      },
    },
    {
      title: "ingest-users",
      task: async (run, task) => {
        if (!run.environment) return;
        const invocation = await invokeFunction("ingest-users", "{}", {
          environment: functionEnvironment(run.environment.address, powershell, { source: options.source }),
          onLog: (line) => {
            const rows = readProgress(line);
            if (rows !== undefined) task.title = `ingest-users: ${count(rows)} of ${count(options.users)} users`;
          },
        });
        if ("failure" in invocation) throw new Error(`${invocation.failure.code}: ${invocation.failure.message}`);
        run.answer = invocation.answer;
      },
    },
  ]);
}

/** The rows so far, where the function's log line tells them. */
function readProgress(line: string): number | undefined {
  try {
    const { message, rows } = JSON.parse(line);
    return message === "progress" && typeof rows === "number" ? rows : undefined;
  } catch {
    return undefined;
  }
}

async function summarize({ bucketFolder }: LocalEnvironment, answer: Record<string, unknown>): Promise<string> {
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(bucketFolder, String(answer.manifestKey)), "utf8")),
  );
  const seconds = Number(answer.durationMs) / 1000;
  const rows = manifest.totals.rows;
  const lines = [
    `Published ${count(rows)} users in ${count(manifest.pages.length)} pages, read as ${manifest.source}.`,
    `  ${seconds.toFixed(1)} s with PowerShell's start and sign-in, ${count(Math.round(rows / seconds))} rows a second`,
    `  pages  ${relative(process.cwd(), join(bucketFolder, String(answer.manifestKey), ".."))}`,
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

function count(number: number): string {
  return number.toLocaleString("en");
}
