import { spawnSync } from "node:child_process";

/** What can build images, and how it is asked whether it can here: the command alone says nothing of docker's engine. */
const builders = [
  { command: "docker", probe: ["version"] },
  { command: "buildah", probe: ["--version"] },
] as const;

type Builder = (typeof builders)[number]["command"];

/** The first that is there and works; undefined where none does. */
export function findBuilder(): Builder | undefined {
  return builders.find(({ command, probe }) => spawnSync(command, probe, { stdio: "ignore" }).status === 0)?.command;
}
