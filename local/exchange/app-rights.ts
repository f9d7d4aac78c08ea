/** What Exchange's roles let an app do: every served cmdlet with every parameter, unless limited. */
export type AppRights = {
  /** The only cmdlets the app may run. */
  cmdlets?: readonly string[];
  /** By cmdlet, the parameters the app may not use. */
  withoutParameters?: Readonly<Record<string, readonly string[]>>;
};

/** Names count in any letter case. */
export function mayRun(rights: AppRights, cmdlet: string): boolean {
  return rights.cmdlets === undefined || rights.cmdlets.some((name) => isSameName(name, cmdlet));
}

export function mayUseParameter(rights: AppRights, cmdlet: string, parameter: string): boolean {
  return !parametersWithheld(rights, cmdlet).some((name) => isSameName(name, parameter));
}

export function parametersWithheld(rights: AppRights, cmdlet: string): readonly string[] {
  const entry = Object.entries(rights.withoutParameters ?? {}).find(([name]) => isSameName(name, cmdlet));
  return entry?.[1] ?? [];
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
