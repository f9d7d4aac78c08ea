import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { stop as stopBundler } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFunctions } from "#image/bundle-functions";
import { prepareFolder } from "#image/prepare-folder";
import { generateTenant } from "#local/exchange/tenant/generate";
import { maxReceiveCount } from "#operations/message";
import { findConfinementTrouble } from "#test/image/confine";
import { functionCases } from "#test/image/function-cases";
import type { ReportedError } from "#test/image/runtime-api";
import { type Runtime, startRuntime } from "#test/image/start-runtime";
import { type Services, startServices } from "#test/image/start-services";
import { messageBody, messageEvent } from "#test/support/message-event";

const minuteMs = 60_000;

const tenant = generateTenant({ users: 5, groups: 2, seed: 12 });
const cases = functionCases(tenant);
const functions = listFunctions();
const trouble = findConfinementTrouble();
const folder = mkdtempSync(join(tmpdir(), "image-test-"));
let services: Services;

beforeAll(async () => {
  if (trouble) console.warn(`Functions run here with more than Lambda lets them have: ${trouble}`);
  await prepareFolder(join(folder, "image"));
  services = await startServices(tenant);
  for (const path of [folder, services.folder]) chmodSync(path, 0o755);
});

afterAll(async () => {
  await services.stop();
  await stopBundler();
  rmSync(folder, { recursive: true, force: true });
});

test("has a case for every function", () => {
  expect(Object.keys(cases)).toEqual(expect.arrayContaining(functions));
});

describe.each(functions)("%s, bundled, in nothing but the image's environment", (name) => {
  let runtime: Runtime;

  beforeAll(async () => {
    runtime = await startRuntime(name, {
      folder: join(folder, "image", "functions"),
      environment: services.environment,
      workFolder: join(folder, name),
      visible: trouble === undefined ? visibleFolders() : undefined,
    });
  });

  afterAll(() => runtime?.stop());

  test("starts no PowerShell before it is invoked", () => {
    expect(runtime.countProcesses()).toBe(0);
  });

  test("answers cold", async () => {
    await expectAnswer(name, runtime);
  });

  test("answers warm", async () => {
    await expectAnswer(name, runtime);
  });

  test("answers after two minutes in which it was frozen and every connection died", async () => {
    await runtime.freeze(2 * minuteMs, services.cutConnections);

    await expectAnswer(name, runtime);
  });

  test("says in words what is wrong with an event", async () => {
    const { error } = (await runtime.invoke({ nonsense: true })) as { error: ReportedError };

    expect(error.errorType).toBe("EVENT_INVALID");
    expect(error.errorMessage).toMatch(/Unrecognized key|expected tuple, received/);
  });

  test("writes one JSON object a line", () => {
    const objects = runtime.lines.map((line) => parse(line));

    expect(objects.filter(({ message }) => message === "Invocation ended").length).toBeGreaterThanOrEqual(3);
    expect(objects.filter(({ notJson }) => notJson)).toEqual([]);
  });
});

/** What a function has to see: its image, and what stands in for the rest of it here. */
function visibleFolders(): string[] {
  const { POWERSHELL_PATH, EXCHANGE_MODULE_PATH = "", SSL_CERT_FILE } = services.environment;
  const places = [process.execPath, POWERSHELL_PATH, EXCHANGE_MODULE_PATH, SSL_CERT_FILE].filter(Boolean);
  return [join(folder, "image"), ...places.map((place) => dirname(realpathSync(place)))];
}

async function expectAnswer(name: string, runtime: Runtime): Promise<void> {
  const wanted = cases[name];
  if (wanted === undefined) throw new Error(`There is no case of ${name}.`);
  if ("event" in wanted) {
    expect(await runtime.invoke(wanted.event())).toMatchObject({ answer: wanted.answer });
    return;
  }
  await deliver(runtime, name, wanted.request());
  expect(await services.takeResult()).toMatchObject({ action: name, final: true, ...wanted.result });
}

/** Gives the function a message until it is done with it, as its queue would. */
async function deliver(runtime: Runtime, name: string, request: object): Promise<void> {
  const done = { answer: { batchItemFailures: [] } };
  const body = messageBody(request);
  for (let receives = 1; receives < maxReceiveCount; receives += 1) {
    const outcome = await runtime.invoke(messageEvent(name, body, receives));
    if (isDeepStrictEqual(outcome, done)) return;
  }
  expect(await runtime.invoke(messageEvent(name, body, maxReceiveCount))).toEqual(done);
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return { notJson: line };
  }
}
