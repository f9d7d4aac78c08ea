import { expect, test } from "vitest";
import { childEnvironment } from "#powershell/worker";

const folders = { home: "/tmp/x/home", temporary: "/tmp/x/tmp-1", remove: async () => {} };
const set = {
  HOME: "/tmp/x/home",
  TMPDIR: "/tmp/x/tmp-1",
  TZ: "UTC",
  DOTNET_GCConserveMemory: "9",
  DOTNET_gcConcurrent: "0",
  MALLOC_ARENA_MAX: "1",
  NO_COLOR: "1",
  TERM: "dumb",
  POWERSHELL_TELEMETRY_OPTOUT: "1",
  POWERSHELL_UPDATECHECK: "Off",
  POWERSHELL_DIAGNOSTICS_OPTOUT: "1",
};

test("sets what PowerShell needs to run quietly, in UTC, in its own folders", () => {
  const environment = childEnvironment({}, folders);

  expect(environment).toEqual(set);
});

test("passes on the way to the network, to certificates and to modules", () => {
  const own = {
    PATH: "/bin",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    HTTPS_PROXY: "http://proxy",
    https_proxy: "http://proxy",
    NO_PROXY: "local",
    no_proxy: "local",
    SSL_CERT_FILE: "/ca.pem",
    SSL_CERT_DIR: "/ca",
    PSModulePath: "/opt/modules",
    PSModuleAnalysisCachePath: "/opt/cache",
    PSDisableModuleAnalysisCacheCleanup: "1",
    DOTNET_ROOT: "/opt/dotnet",
  };

  const environment = childEnvironment(own, folders);

  expect(environment).toEqual({ ...own, ...set });
});

test("keeps everything else to itself, and its own values where both have one", () => {
  const own = {
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    AWS_SESSION_TOKEN: "c",
    GATEWAY_SECRET_ID: "d",
    NODE_OPTIONS: "e",
    LD_PRELOAD: "f",
    HOME: "/home/user",
    TMPDIR: "/var/tmp",
    TZ: "Europe/Berlin",
    TERM: "xterm",
  };

  const environment = childEnvironment(own, folders);

  expect(environment).toEqual(set);
});
