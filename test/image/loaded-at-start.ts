import type { Metafile } from "esbuild";

type Output = Metafile["outputs"][string];

/** The bundled files that are loaded with a function, before its handler is called. */
export function loadedAtStart({ outputs }: Metafile, name: string): Output[] {
  const entry = Object.keys(outputs).find((path) => path.endsWith(`/${name}.mjs`)) ?? "";
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { kind, path: imported, external } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && !external) loaded.add(imported);
    }
  }
  return [...loaded].flatMap((path) => outputs[path] ?? []);
}
