import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { plainError } from "#local/exchange/admin-api/error-answers";
import { mayRun, parametersWithheld } from "#local/exchange/app-registration";
import { findServedCmdlet } from "#local/exchange/cmdlets/cmdlets";
import type { Call } from "#local/exchange/exchange";
import { type Answer, headerOf, jsonAnswer } from "#local/exchange/http";

/** `basicinfo('AdminApiState')`: how a client asks whether the service runs. */
export function answerBasicInfo(property: string): Answer {
  if (property.toLowerCase() !== "adminapistate")
    return plainError(404, "NotFound", `There is no property '${property}'.`);
  return jsonAnswer(200, { PropertyName: "AdminApiState", PropertyValue: "Running" });
}

/** `EXOBanner('AutogenSession')`: what a client shows after it has connected, unless it shows no banner. */
export function answerBanner(name: string): Answer {
  if (name.toLowerCase() !== "autogensession") return plainError(404, "NotFound", `There is no banner '${name}'.`);
  return jsonAnswer(200, { BannerName: "AutogenSession", BannerContent: "Connected to the local Exchange Online." });
}

const folder = join(import.meta.dirname, "..", "served");
const runtimeFile = "runtime.ps1";

/** The cmdlets of the session as PowerShell text: those that CommandName names and the app's rights allow. */
export function answerModuleFile({ request, exchange }: Call): Answer {
  const { rights } = exchange.app;
  const isNamed = readCommandNames(headerOf(request, "commandname") ?? "*");
  const cmdlets = listCmdlets().filter((name) => isNamed(name) && mayRun(rights, name));
  const texts = cmdlets.map((name) => withoutParameters(readServed(`${name}.ps1`), parametersWithheld(rights, name)));
  const exports = cmdlets.length === 0 ? "@()" : cmdlets.map((name) => `'${name}'`).join(", ");

  const runtime = readServed(runtimeFile).replace(
    /^\$RepeatBaseMs = \d+$/m,
    `$$RepeatBaseMs = ${exchange.repeatBaseMs}`,
  );
  const fileContent = [runtime, ...texts, `Export-ModuleMember -Function ${exports}\n`].join("\n");
  return jsonAnswer(200, {
    value: [{ fileName: "ExchangeOnline.psm1", fileContent, exportedCmdlets: cmdlets.join(",") }],
  });
}

/**
 * A cmdlet's PowerShell text without the parameters an app may not use. Each parameter stands between the lines
 * `# parameter <Name>` and `# end parameter`.
 */
export function withoutParameters(text: string, names: readonly string[]): string {
  const withheld = new Set(names.map((name) => name.toLowerCase()));
  let isKept = true;
  const kept = text.split(/(?<=\n)/).filter((line) => {
    const started = /^\s*# parameter (\w+)\s*$/.exec(line)?.[1];
    if (started !== undefined) isKept = !withheld.has(started.toLowerCase());
    const isLineKept = isKept;
    if (/^\s*# end parameter\s*$/.test(line)) isKept = true;
    return isLineKept;
  });
  return kept.join("");
}

/** `*` names every cmdlet; otherwise names stand with commas between, in any letter case. */
function readCommandNames(header: string): (name: string) => boolean {
  const names = new Set(header.split(",").map((name) => name.trim().toLowerCase()));
  return (name) => names.has("*") || names.has(name.toLowerCase());
}

function listCmdlets(): readonly string[] {
  const names = readdirSync(folder).map((file) => basename(file, ".ps1"));
  return names.filter((name) => findServedCmdlet(name)?.name === name).sort();
}

function readServed(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
