import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Metafile, type OutputFile } from "esbuild";

const root = join(import.meta.dirname, "..", "..");

/** Where the bundles lie, as their source maps have it. What is in them does not depend on where they are written to. */
const place = join(root, "dist", "image", "functions");

export type Bundles = {
  /** What is to be written, by its path below the folder of the functions. */
  files: readonly { path: string; content: Uint8Array }[];
  /** What each is made of, by its path below the repository. https://esbuild.github.io/api/#metafile */
  metafile: Metafile;
};

/**
 * Bundles each function as `<name>.mjs`, whose `handler` Lambda calls, with what several share, or load only when they need it, in files beside
 * them. The same sources give the same bytes.
 */
export async function bundleFunctions(): Promise<Bundles> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: listFunctions().map((name) => ({ in: `functions/${name}/handler.ts`, out: name })),
    outdir: place,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // What packages offer as ES modules can be left out where it is not used.
    mainFields: ["module", "main"],
    outExtension: { ".js": ".mjs" },
    // Packages written for CommonJS call it.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    minify: true,
    // The name of an error's class is part of what is logged.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "eof",
    logLevel: "warning",
  });
  return { files: outputFiles.map(toFile), metafile };
}

function toFile({ path, contents }: OutputFile) {
  return { path: path.slice(place.length + 1), content: contents };
}

const folder = join(import.meta.dirname, "..", "..", "functions");

/** The names of all functions: those of the folders in functions/ that have a handler. */
export function listFunctions(): string[] {
  return globSync("*/handler.ts", { cwd: folder }).map(dirname).sort();
}
