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
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  }
  logger.setLogLevel("INFO");

  logger.info(hostile, { group: hostile, deep: [{ members: [hostile] }] });
  logger.error("failed", { error: new ExchangeError("UNEXPECTED", hostile, { cause: new TypeError(hostile) }) });

  const [info, error] = lines.map((line) => JSON.parse(line));
  expect(lines.join("")).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(info).toMatchObject({ message: "\\u001b[2J\\u202e\\u009b", group: "\\u001b[2J\\u202e\\u009b" });
  expect(info.deep).toEqual([{ members: ["\\u001b[2J\\u202e\\u009b"] }]);
  expect(error.error).toMatchObject({ message: "\\u001b[2J\\u202e\\u009b", cause: { name: "TypeError" } });
});
