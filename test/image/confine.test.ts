import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { confine, findConfinementTrouble } from "#test/image/confine";

const folder = mkdtempSync(join(tmpdir(), "confine-test-"));
const script = `
  id -u
  df --output=size -BM /tmp | tail -1
  for place in "$1" "$2" /var /etc /dev/shm /tmp; do touch "$place/new" 2>&1 && echo "$place can be written"; done
`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(findConfinementTrouble())("lets nobody in particular write 512 MB of /tmp, and nothing else", () => {
  const places = [folder, import.meta.dirname];
  const { command, args } = confine(["sh", "-c", script, "sh", ...places], folder, [folder]);

  const [user, size, ...written] = execFileSync(command, args, { encoding: "utf8" }).trim().split("\n");

  expect([user, size?.trim()]).toEqual(["64000", "512M"]);
  expect(written.filter((line) => line.includes("can be written"))).toEqual(["/tmp can be written"]);
});
