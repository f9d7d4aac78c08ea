import { expect, test } from "vitest";
import type { EnvironmentAddress } from "#local/environment/environment";
import { functionEnvironment } from "#local/functions/start-function";
import { credentials } from "#test/support/credentials";

const realTenant: EnvironmentAddress = {
  aws: { s3: "http://s3", secretsManager: "http://secrets", sqs: "http://sqs", ...credentials },
  bucket: "bucket",
  secretId: "secret",
  queues: {} as EnvironmentAddress["queues"],
};
const exchange = {
  proxy: "http://proxy",
  caFile: "ca.pem",
  secretFile: "secret.json",
  environment: "O365Default",
} as const;

test("refuses to point the stand-in at a real tenant and says how to install the genuine module", () => {
  const refused = () => functionEnvironment(realTenant, choice({ isStandIn: true }));

  expect(refused).toThrow(expect.objectContaining({ code: "MODULE_UNUSABLE" }));
  expect(refused).toThrow('"/bin/pwsh" -Command "Install-Module ExchangeOnlineManagement -Scope CurrentUser"');
});

test("gives the function the run's own key", () => {
  expect(functionEnvironment({ ...realTenant, exchange }, choice({ isStandIn: true }))).toMatchObject({
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
});

test.each([
  { where: "a real tenant", isStandIn: false, address: realTenant },
  { where: "the local Exchange Online", isStandIn: false, address: { ...realTenant, exchange } },
  { where: "the local Exchange Online", isStandIn: true, address: { ...realTenant, exchange } },
])("points PowerShell at $where with a module of which isStandIn is $isStandIn", ({ isStandIn, address }) => {
  const environment = functionEnvironment(address, choice({ isStandIn }));

  expect(environment).toMatchObject({ POWERSHELL_PATH: "/bin/pwsh", EXCHANGE_MODULE_PATH: "/module.psd1" });
});

function choice({ isStandIn }: { isStandIn: boolean }) {
  return { powershellPath: "/bin/pwsh", module: { path: "/module.psd1", version: "3.9.0", isStandIn }, describe: "" };
}
