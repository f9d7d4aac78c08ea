import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { stop as stopBundler } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFunctions } from "#image/bundle-functions";
import { prepareFolder } from "#image/prepare-folder";
import { findBuilderTrouble, prepareBuilder } from "#test/image/build-with-buildah";

const minuteMs = 60_000;
const trouble = process.env.TEST_DOCKERFILE ? findBuilderTrouble() : "npm run test:image does it";

/** What a program finds in the image: the functions that can be loaded, the module's files, and what /tmp holds. */
const look = `
  import { readdirSync } from "node:fs";
  const { LAMBDA_TASK_ROOT, EXCHANGE_MODULE_PATH } = process.env;
  const functions = [];
  for (const name of process.argv.slice(1)) {
    const { handler } = await import(LAMBDA_TASK_ROOT + "/" + name + ".mjs");
    if (typeof handler === "function") functions.push(name);
  }
  const module = readdirSync(EXCHANGE_MODULE_PATH).sort();
  console.log(JSON.stringify({ functions, module, temporary: readdirSync("/tmp") }));
`;

describe.skipIf(trouble)("the image, built by buildah from what is on this machine", { timeout: 3 * minuteMs }, () => {
  const folder = mkdtempSync(join(tmpdir(), "dockerfile-test-"));
  const context = join(folder, "context");
  let builder: Awaited<ReturnType<typeof prepareBuilder>>;

  beforeAll(async () => {
    await prepareFolder(context);
    builder = await prepareBuilder(context, folder);
  }, 3 * minuteMs);

  afterAll(async () => {
    await stopBundler();
    rmSync(folder, { recursive: true, force: true });
  });

  test("lets a user whom it does not know load every function, and holds of the module what is used", async () => {
    const { exitCode, output } = await builder.build();

    expect(exitCode, output).toBe(0);
    expect(JSON.parse(await builder.runNode(look, ...listFunctions()))).toEqual({
      functions: listFunctions(),
      module: ["ExchangeOnlineManagement.psd1", "ExchangeOnlineManagement.psm1", "Private", "Public"],
      temporary: [],
    });
  });

  test.each([
    ["PowerShell", "POWERSHELL_SHA256", "powershell is not the file that is meant"],
    ["a module", "MODULE_SHA256", "module is not the file that is meant"],
  ])("is not built from %s with another hash", async (_, name, reason) => {
    const { exitCode, output } = await builder.build({ buildArguments: { [name]: "0".repeat(64) } });

    expect(exitCode).not.toBe(0);
    expect(output).toContain(reason);
  });

  test("is not built where the module cannot be imported", async () => {
    const { exitCode, output } = await builder.build({ moduleLines: "throw 'broken'" });

    expect(exitCode).not.toBe(0);
    expect(output).toContain("broken");
  });

  test("is not built where the module writes outside /tmp", async () => {
    const moduleLines = "try { [IO.File]::WriteAllText('/opt/written', '') } catch { }";

    const { exitCode, output } = await builder.build({ moduleLines });

    expect(exitCode).not.toBe(0);
    expect(output).toContain("wrote outside /tmp, which Lambda forbids: /opt, /opt/written");
  });
});
