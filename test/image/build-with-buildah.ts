import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { findOnPath } from "#local/powershell/powershell-version";
import { argumentsFor, packModule, packPowerShell } from "#test/image/pack-parts";

const tools = ["buildah", "tar", "unzip", "zip"];
const baseImage = "localhost/test-base";
const image = "localhost/test-image";
const dotnet = findOnPath("dotnet", process.env);

/** What this machine lends its containers, besides a copy of Node: they need no registry then. */
const lent = ["/usr", ...(dotnet ? [dirname(realpathSync(dotnet))] : [])];
const volumes = lent.flatMap((place) => ["--volume", `${place}:${place}:ro`]);

export type BuildOptions = {
  /** PowerShell that runs where the module is imported. */
  moduleLines?: string;
  /** In the place of what fits the parts. */
  buildArguments?: Record<string, string>;
};

/** Why no image can be built here; undefined where one can. */
export function findBuilderTrouble(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "that takes Linux and root";
  const missing = tools.filter((tool) => !findOnPath(tool, process.env));
  return missing.length > 0 ? `that takes ${missing.join(", ")}` : undefined;
}

/** Builds images from a context, with the tests' PowerShell and module as parts. All it leaves is in `folder`. */
export async function prepareBuilder(context: string, folder: string) {
  const storage = ["--storage-driver", "vfs", "--root", join(folder, "images"), "--runroot", join(folder, "running")];
  const buildah = (...words: string[]) =>
    execa("buildah", [...storage, ...words], { env: { BUILDAH_ISOLATION: "chroot" }, reject: false, all: true });
  const powershell = join(context, "parts", "powershell.tar.gz");
  const module = join(context, "parts", "module.nupkg");

  await commitBase(buildah, join(folder, "base"));
  packPowerShell(powershell, join(folder, "powershell"));

  return {
    build: async ({ moduleLines, buildArguments }: BuildOptions = {}) => {
      packModule(module, join(folder, "module"), moduleLines);
      const values = {
        BASE_IMAGE: baseImage,
        ...argumentsFor("POWERSHELL", powershell),
        ...argumentsFor("MODULE", module),
        ...buildArguments,
      };
      const words = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
      const { exitCode, all } = await buildah("build", "--tag", image, ...volumes, ...words, context);
      return { exitCode, output: all };
    },

    /** What a script writes in the image that was built last, run by a user whom the image does not know. */
    runNode: async (script: string, ...words: string[]) => {
      const { stdout: container } = await buildah("from", image);
      const program = ["node", "--input-type=module", "--eval", script, ...words];
      return (await buildah("run", "--user", "64000:64000", ...volumes, container, "--", ...program)).stdout;
    },
  };
}

type Buildah = (...words: string[]) => Promise<{ stdout: string }>;

/** What stands in for Lambda's base image: its Node, and where things are. */
async function commitBase(buildah: Buildah, folder: string): Promise<void> {
  mkdirSync(join(folder, "tmp"), { recursive: true });
  chmodSync(join(folder, "tmp"), 0o1777);
  mkdirSync(join(folder, "etc"));
  writeFileSync(join(folder, "etc", "passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(folder, name));
  const environment = {
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin:/bin",
    LAMBDA_TASK_ROOT: "/var/task",
    ...(dotnet ? { DOTNET_ROOT: dirname(realpathSync(dotnet)) } : {}),
  };
  const { stdout: container } = await buildah("from", "scratch");
  await buildah("copy", container, folder, "/");
  await buildah("copy", container, realpathSync(process.execPath), "/var/lang/bin/node");
  const words = Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  await buildah("config", ...words, container);
  await buildah("commit", container, baseImage);
}
