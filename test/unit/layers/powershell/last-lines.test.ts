import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { rememberLastLines } from "#powershell/process";

test("answers nothing where nothing was written", () => {
  const lastLines = rememberLastLines(new PassThrough());

  expect(lastLines()).toBe("");
});

test("answers what was written, without colours and blank lines", async () => {
  const lastLines = await written("\u001b[31mOne\u001b[0m  \r\n\r\n   \nTwo");

  expect(lastLines).toBe("One\nTwo");
});

test("answers the last 20 lines", async () => {
  const lastLines = await written(Array.from({ length: 50 }, (_, index) => `line ${index}\n`).join(""));

  expect(lastLines.split("\n")).toHaveLength(20);
  expect(lastLines).toMatch(/^line 30\n.*\nline 49$/s);
});

test("answers the last 4,000 characters of a line without an end", async () => {
  const lastLines = await written("x".repeat(100_000), "end");

  expect(lastLines).toBe(`${"x".repeat(3_997)}end`);
});

test("puts a character together that was cut in two", async () => {
  const bytes = Buffer.from("Grüße");

  const lastLines = await written(bytes.subarray(0, 3), bytes.subarray(3));

  expect(lastLines).toBe("Grüße");
});

async function written(...chunks: (string | Buffer)[]): Promise<string> {
  const stream = new PassThrough();
  const lastLines = rememberLastLines(stream);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once("end", resolve));
  return lastLines();
}
