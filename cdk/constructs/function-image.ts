import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { Architecture, DockerImageCode } from "aws-cdk-lib/aws-lambda";
import type { TenantSettings } from "#cdk/settings";

/** What the image is built from: a folder with a Dockerfile, and what is put in the place of its arguments' defaults. */
export type ImageSource = { folder: string; buildArgs: Record<string, string> };

const architectures = {
  x86_64: { architecture: Architecture.X86_64, platform: Platform.LINUX_AMD64 },
  arm64: { architecture: Architecture.ARM_64, platform: Platform.LINUX_ARM64 },
};

/** The image that all functions share, started with the handler of one. */
export function functionImage(
  { folder, buildArgs }: ImageSource,
  name: TenantSettings["architecture"],
  handler: string,
) {
  const { architecture, platform } = architectures[name];
  return { architecture, code: DockerImageCode.fromImageAsset(folder, { platform, buildArgs, cmd: [handler] }) };
}
