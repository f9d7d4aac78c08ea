import type { SessionFolders } from "#powershell/temporary-folders";

const passedOn = [
  "PATH",
  "LANG",
  "LC_ALL",
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "PSModulePath",
  "PSModuleAnalysisCachePath",
  "PSDisableModuleAnalysisCacheCleanup",
  "DOTNET_ROOT",
] as const;

/**
 * Everything that PowerShell is told by its environment. Nothing else of ours reaches it, least of all credentials:
 * every program of the same user can read them there.
 */
export function childEnvironment(own: NodeJS.ProcessEnv, folders: SessionFolders): Record<string, string> {
  const kept = passedOn.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return {
    ...Object.fromEntries(kept),
    HOME: folders.home,
    TMPDIR: folders.temporary,
    TZ: "UTC",
    // Close gaps among large objects, which every page of Exchange leaves. https://learn.microsoft.com/dotnet/core/runtime-config/garbage-collector
    DOTNET_GCConserveMemory: "9",
    DOTNET_gcConcurrent: "0",
    // One heap below .NET's own instead of one a thread: what one leaves free the others can use.
    MALLOC_ARENA_MAX: "1",
    NO_COLOR: "1",
    TERM: "dumb",
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    POWERSHELL_DIAGNOSTICS_OPTOUT: "1",
  };
}
