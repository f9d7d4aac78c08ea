import { expect, test } from "vitest";
import { listUnlocked } from "#image/versions";

const url = "https://parts.example/file";
const locked = { url, sha256: "0".repeat(64) };
const versions = {
  powershell: { version: "7.6.5", files: { x64: locked, arm64: locked } },
  module: { version: "3.10.1", files: { any: { url } } },
};

test("names a part without a hash", () => {
  expect(listUnlocked(versions, ["--platform", "linux/arm64"])).toEqual(["module"]);
});

test.each([[["--build-arg", "MODULE_SHA256=0a"]], [["--build-arg=MODULE_SHA256=0a"]]])(
  "names none where the hash is given by %s",
  (words) => {
    expect(listUnlocked(versions, words)).toEqual([]);
  },
);

test("names none where versions.json has all hashes", () => {
  const all = { ...versions, module: { version: "3.10.1", files: { any: locked } } };

  expect(listUnlocked(all, [])).toEqual([]);
});
