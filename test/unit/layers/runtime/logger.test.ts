import process from "node:process";
import { afterEach, expect, test, vi } from "vitest";
import { ExchangeError } from "#runtime/errors";
import { logger } from "#runtime/telemetry";

const hostile = "\u001b[2J\u202e\u009b";
const level = logger.getLevelName();

afterEach(() => {
  vi.restoreAllMocks();
  logger.setLogLevel(level);
});

test("shows what would steer a terminal, in messages, values and errors, as lines of JSON", () => {
  const lines = watchLines();

  logger.info(hostile, { group: hostile, deep: [{ members: [hostile] }] });
  logger.error("failed", { error: new ExchangeError("UNEXPECTED", hostile, { cause: new TypeError(hostile) }) });

  const [info, error] = lines.map((line) => JSON.parse(line));
  expect(lines.join("")).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(info).toMatchObject({ message: "\\u001b[2J\\u202e\\u009b", group: "\\u001b[2J\\u202e\\u009b" });
  expect(info.deep).toEqual([{ members: ["\\u001b[2J\\u202e\\u009b"] }]);
  expect(error.error).toMatchObject({ message: "\\u001b[2J\\u202e\\u009b", cause: { name: "TypeError" } });
});

test("writes no mail address, and the same hash for the same one", () => {
  const lines = watchLines();

  logger.info("Anna.Ott@contoso.com", { who: ["<anna.ott@CONTOSO.com>", "bo_fabrikam.com#EXT#@contoso.com"] });
  logger.error("failed", { error: new ExchangeError("UNEXPECTED", 'Couldn\'t find object "anna.ott@contoso.com".') });

  const text = lines.join("\n");
  expect(text).not.toContain("@");
  const hashes = text.match(/address:[0-9a-f]{12}/g) ?? [];
  expect(new Set(hashes).size).toBe(2);
  expect(hashes.filter((hash) => hash === hashes[0]).length).toBeGreaterThan(2);
});

/** What the logger writes from now on. */
function watchLines(): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  }
  logger.setLogLevel("INFO");
  return lines;
}
