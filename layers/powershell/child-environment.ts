import { join } from "node:path";
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

type Environment = Record<string, string>;

type Options = {
  /** PowerShell has to find the module among those installed. */
  isModuleInstalled: boolean;
};

/**
 * Everything that PowerShell is told by its environment. Nothing else of ours reaches it, least of all credentials:
 * the whole machine may read them there.
 */
export function childEnvironment(own: NodeJS.ProcessEnv, folders: SessionFolders, options: Options): Environment {
  const kept = passedOn.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return {
    ...(options.isModuleInstalled ? userModules(own) : {}),
    ...Object.fromEntries(kept),
    HOME: folders.home,
    TMPDIR: folders.temporary,
    TZ: "UTC",
    NO_COLOR: "1",
    TERM: "dumb",
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    POWERSHELL_DIAGNOSTICS_OPTOUT: "1",
  };
}

// PowerShell looks for the user's own modules below HOME, and the child's HOME is another one.
function userModules(own: NodeJS.ProcessEnv): Environment {
  return own.HOME === undefined ? {} : { PSModulePath: join(own.HOME, ".local", "share", "powershell", "Modules") };
}
