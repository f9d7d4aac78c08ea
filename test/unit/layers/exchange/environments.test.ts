import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environments, hostsOf } from "#exchange/clouds";
import { classifyError } from "#exchange/errors/classify";
import { exchangeEnvironmentNames } from "#runtime/configuration";
import { failureOf, recordOfExceptions, refusedSignIn } from "#test/support/error-records";
import { root } from "#test/support/repository";

const table = "layers/exchange/environments.json";
const files = globSync("{cdk,functions,layers,local}/**/*.{ts,json,ps1,psm1,psd1,cs}", {
  cwd: root,
  exclude: ["**/node_modules/**", table],
});
const names = new Set(Object.values(environments).flatMap((environment) => Object.values(environment).flat()));

test("has every cloud that a function can be set up for, and no other", () => {
  expect(Object.keys(environments).toSorted()).toEqual(exchangeEnvironmentNames.toSorted());
});

test("finds the files it is about", () => {
  expect(files).toContain("layers/exchange/errors/sign-in.ts");
  expect(files).toContain("local/powershell/ExchangeOnlineManagement/Private/Connection.ps1");
  expect(names.size).toBeGreaterThan(15);
});

test("no other file names a host or domain of Microsoft's clouds", () => {
  const strays = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").toLowerCase();
    return [...names].filter((name) => text.includes(name)).map((name) => `${file}: ${name}`);
  });

  expect(strays).toEqual([]);
});

test.each(exchangeEnvironmentNames)(
  "tells who is in %s of that cloud's hosts and domains, and of no other's",
  (name) => {
    const environment = environments[name];
    const failures = [
      recordOfExceptions(["System.Net.Http.HttpRequestException", "Connection refused"]),
      recordOfExceptions(["System.Exception", "Response status code does not indicate success: 401."]),
      recordOfExceptions(["System.UnauthorizedAccessException", "UnAuthorized"]),
      ...[90002, 700027, 7000222, 53003].map((code) => refusedSignIn(`AADSTS${code}: No.`)),
    ].map((record) => failureOf("connect", record));

    const text = failures
      .map((each) => classifyError(each, { access: "read", environmentName: name }).message)
      .join("\n");

    const { domainSuffix, portalHost } = environment;
    for (const told of [...hostsOf(environment), portalHost, `contoso.${domainSuffix}`]) expect(text).toContain(told);
    const own = new Set(Object.values(environment).flat());
    const others = [...names].filter((host) => !own.has(host));
    const words = text.match(/[\w-]+(?:\.[\w-]+)+/g) ?? [];
    expect(words.filter((word) => others.some((other) => word === other || word.endsWith(`.${other}`)))).toEqual([]);
  },
);
