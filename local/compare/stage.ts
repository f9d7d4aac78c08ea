import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type QueueFunction, queueFunctions } from "#functions/facts";
import { deliver, type SendOptions } from "#local/compare/deliver";
import { normalize, withoutConnectTime } from "#local/compare/differences";
import { startEnvironment, type TenantEnvironment, type TenantOptions } from "#local/environment/environment";
import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";
import type { Tenant } from "#local/exchange/tenant/tenant";
import {
  type FunctionSettings,
  functionEnvironment,
  type Invocation,
  InvocationError,
  type RunningFunction,
  startFunction,
} from "#local/functions/start-function";
import type { PowerShellChoice } from "#local/powershell/resolve";
import { validationSchema } from "#validation/validation";

/** What a scenario is played on: a new tenant, and functions whose processes stay warm until it is over. */
export type Stage = Pick<TenantEnvironment, "exchange" | "storeSecret"> & {
  /** Invokes a function; what comes of it is observed under the label. */
  invoke(label: string, functionName: string, event: object, timeLimitMs?: number): Promise<void>;
  /** Invokes a function until it does not fail, so that what is observed afterwards does not begin with a cold start. */
  warmUp(functionName: string, event: object): Promise<void>;
  /** Gives a queue function a message, as often as it comes again; what comes of it is observed under the label. */
  send(label: string, functionName: QueueFunction, request: object, options?: SendOptions): Promise<void>;
};

export type Scenario = {
  /** Parts with slashes between: what stands before a slash selects all that begin with it. */
  name: string;
  settings?: FunctionSettings;
  play(stage: Stage): Promise<void>;
};

/** By label: what came of the steps, and what lies in the tenant and in the bucket after them. */
type Observation = Readonly<Record<string, unknown>>;

/** What a scenario is played with: PowerShell and module, and what is unusual about every Exchange Online. */
export type SideOptions = Pick<TenantOptions, "exchange"> & { powershell: PowerShellChoice };

/** Function processes find what one before them has compiled, and start in about half the time. */
const compileCache = join(import.meta.dirname, "..", "..", ".local", "compile-cache");

/** More than any function takes, however busy the machine is: Lambda's own maximum. */
const generousLimitMs = 15 * 60_000;
const warmUpTries = 5;
/** More users than a page of Exchange holds. */
const tenantSize = { users: 1_100, groups: 40, seed: 1 };

/** Plays a scenario with one PowerShell and module, on a tenant that is always the same. Ends early by the signal. */
export async function observe(
  { name, settings, play }: Scenario,
  { powershell, exchange }: SideOptions,
  signal: AbortSignal,
): Promise<Observation> {
  const environment = await startEnvironment({ ...tenantSize, ...(exchange ? { exchange } : {}) });
  const variables = functionEnvironment(environment.address, powershell, settings);
  const functions = createFunctions({ NODE_COMPILE_CACHE: compileCache, ...variables });
  signal.addEventListener("abort", functions.kill);
  const steps: Record<string, unknown> = {};
  const invoke = (functionName: string, event: object, timeLimitMs = generousLimitMs) => {
    signal.throwIfAborted();
    return functions.invoke(functionName, event, timeLimitMs);
  };
  try {
    await play({
      exchange: environment.exchange,
      storeSecret: environment.storeSecret,
      invoke: async (label, ...call) => {
        steps[label] = judge(await invoke(...call));
      },
      warmUp: async (...call) => {
        for (let tries = 0; tries < warmUpTries; tries += 1) if ("answer" in (await invoke(...call))) return;
      },
      send: async (label, functionName, request, options = {}) => {
        const { timeLimitMs = queueFunctions[functionName].timeoutSeconds * 1000 } = options;
        steps[label] = await deliver(request, {
          ...options,
          functionName,
          operationId: `${name}: ${label}`.replaceAll(/[^A-Za-z0-9_-]+/g, "-"),
          address: environment.address,
          invoke: (event) => invoke(functionName, event, timeLimitMs),
        });
      },
    });
    await functions.end();
    const tenant = describeTenant(environment.exchange.tenant);
    return normalize({ ...steps, tenant, bucket: await describeObjects(environment.bucketFolder) }, environment);
  } finally {
    signal.removeEventListener("abort", functions.kill);
    await functions.end();
    await environment.stop();
  }
}

function judge(invocation: object): object {
  const validation = "answer" in invocation ? validationSchema.safeParse(invocation.answer) : undefined;
  return validation?.success ? { answer: withoutConnectTime(validation.data) } : invocation;
}

/** A process for each function, replaced where it has ended. */
function createFunctions(environment: NodeJS.ProcessEnv) {
  const processes = new Map<string, RunningFunction>();
  const take = (name: string) => {
    const known = processes.get(name);
    const running = known?.isRunning() ? known : startFunction(name, { environment, onLog: () => {} });
    processes.set(name, running);
    return running;
  };
  return {
    invoke: async (name: string, event: object, timeLimitMs: number): Promise<Invocation | { ended: string }> => {
      try {
        // However busy the machine is, the function has time to say that its own is over.
        const killAfterMs = timeLimitMs + generousLimitMs;
        return await take(name).invoke({ eventText: JSON.stringify(event), timeLimitMs, killAfterMs });
      } catch (error) {
        if (error instanceof InvocationError) return { ended: error.message };
        throw error;
      }
    },
    kill: () => {
      for (const running of processes.values()) running.kill("SIGTERM");
    },
    end: async () => void (await Promise.all([...processes.values()].map((running) => running.end()))),
  };
}

/** Every object of a tenant by its name, with the names of those it refers to. */
function describeTenant({ records }: Tenant): Record<string, object> {
  return Object.fromEntries(
    records.map(({ whenCreatedMs: _created, whenChangedMs: _changed, manager, group, ...record }) => [
      record.name,
      { ...record, manager: manager?.name ?? null, group: group === undefined ? null : describeGroup(group) },
    ]),
  );
}

function describeGroup({ members, managedBy, moderatedBy, ...group }: NonNullable<DirectoryRecord["group"]>): object {
  return {
    ...group,
    members: [...members].map(nameOf).sort(),
    managedBy: managedBy.map(nameOf),
    moderatedBy: moderatedBy.map(nameOf),
  };
}

function nameOf({ name }: DirectoryRecord): string {
  return name;
}

/** What the objects of a bucket hold, by key: JSON, and the rows of compressed pages. */
async function describeObjects(bucketFolder: string): Promise<Record<string, unknown>> {
  const keys = globSync("**/*.{json,gz}", { cwd: bucketFolder }).sort();
  const contents = keys.map(async (key) => [key, parseObject(key, await readFile(join(bucketFolder, key)))] as const);
  return Object.fromEntries(await Promise.all(contents));
}

function parseObject(key: string, bytes: Buffer): unknown {
  if (!key.endsWith(".gz")) return JSON.parse(bytes.toString("utf8"));
  const rows = gunzipSync(bytes).toString("utf8").split("\n").filter(Boolean);
  return rows.map((row) => JSON.parse(row));
}
