import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnswerFrame, FrameError, type Row, readFrames } from "#powershell/frames";
import { visibleText } from "#runtime/text";

const text = fc.string({ unit: "binary" });
const cell = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(text),
);
const row = fc.dictionary(
  text.filter((name) => name !== "__proto__"),
  cell,
  { noNullPrototype: true },
);
const count = fc.nat();
const rowsFrame = fc.record({ type: fc.constant("rows" as const), id: count, rows: fc.array(row) });
const doneFrame = fc.record({
  type: fc.constant("done" as const),
  id: count,
  rows: count,
  warnings: fc.array(text.map(visibleText)),
  memoryBytes: count,
});
const frames = fc.array(fc.oneof(rowsFrame, doneFrame), { maxLength: 5 });

test("delivers any frames unchanged, wherever the stream is cut into pieces", async () => {
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sent, sizes) => {
      const stream = Readable.from(cut(lines(...sent.map((frame) => JSON.stringify(frame))), sizes));

      const received = await Array.fromAsync(readFrames(stream));

      // Through JSON once, which knows no -0.
      expect(received).toEqual(JSON.parse(JSON.stringify(sent)));
    }),
    { numRuns: 500 },
  );
});

test("splits at line feeds alone", async () => {
  const name = "a\u2028b\u2029c\u0085d\u000be\u000cf\rg";
  const sent = JSON.stringify({ type: "rows", id: 1, rows: [{ Name: name }] });

  const received = await read(lines(sent));

  expect(rowsOf(received)).toEqual([{ Name: name }]);
});

test("drops NUL bytes and shows what moves a cursor in all that is said, and leaves rows as they are", async () => {
  const text = "\u0000\u0000Get\u001b[2J out\u0007";
  const shown = "Get\\u001b[2J out\\u0007";
  const error = { exceptions: [{ type: "System.Exception", message: text, hresult: 0 }], errorId: "", category: "" };
  const sent = [
    { type: "rows", id: 1, rows: [{ Name: text }] },
    { type: "done", id: 1, rows: 1, warnings: [text], memoryBytes: 1 },
    {
      type: "failed",
      id: 1,
      stage: "invoke",
      rows: 1,
      errors: [{ ...error, reason: "" }],
      warnings: [text],
      memoryBytes: 1,
    },
    { type: "stopped", id: 1, stage: "invoke", rows: 1, errors: [], warnings: [text], memoryBytes: 1 },
  ];

  const [rows, done, failed, stopped] = await read(lines(...sent.map((frame) => JSON.stringify(frame))));

  expect(rows).toMatchObject({ rows: [{ Name: text }] });
  expect(done).toMatchObject({ warnings: [shown] });
  expect(failed).toMatchObject({ errors: [{ exceptions: [{ message: shown }] }], warnings: [shown] });
  expect(stopped).toMatchObject({ warnings: [shown] });
});

test("passes over empty lines", async () => {
  const received = await read(lines("", rows(1), "", "", rows(2), ""));

  expect(received.map((frame) => frame.type)).toEqual(["rows", "rows"]);
});

test("takes a line that the end of the stream cuts short for no frame", async () => {
  const received = await read(Buffer.from(`${rows(1)}\n${rows(2)}`));

  expect(received).toHaveLength(1);
});

test("delivers what came before a line that is no frame", async () => {
  const reading = readFrames(Readable.from([lines(rows(1), "rubbish")]));

  const { value } = await reading.next();

  expect(value).toMatchObject({ id: 1 });
  await expect(reading.next()).rejects.toThrow(FrameError);
});

test.each([
  ["text", "Hello \u001b[31mthere\u0007", 'a line that is no JSON: "Hello there\\u0007"'],
  ["blanks", "   ", "a line that is no JSON"],
  ["a long text", "x".repeat(500), `a line that is no JSON: "${"x".repeat(200)}"`],
  ["two frames in a line", `${rows(1)}${rows(2)}`, "a line that is no JSON"],
  ["null", "null", "a frame that is not as agreed"],
  ["a frame without its id", '{"type":"rows","rows":[]}', "a frame that is not as agreed: id"],
  ["a negative id", '{"type":"rows","id":-1,"rows":[]}', "a frame that is not as agreed: id"],
  ["a nested row", '{"type":"rows","id":1,"rows":[{"A":[["b"]]}]}', "a frame that is not as agreed: rows.0.A"],
  [
    "a failure without errors",
    '{"type":"failed","id":1,"stage":"invoke","rows":0,"errors":[],"warnings":[],"memoryBytes":1}',
    "errors",
  ],
])("refuses %s", async (_, line, message) => {
  const reading = read(lines(line));

  await expect(reading).rejects.toThrow(FrameError);
  await expect(reading).rejects.toThrow(message);
});

test("refuses bytes that are no UTF-8, rather than replacing them", async () => {
  const line = Buffer.concat([
    Buffer.from('{"type":"rows","id":1,"rows":[{"A":"'),
    Buffer.from([0xc3, 0x28]),
    lines('"}]}'),
  ]);

  await expect(read(line)).rejects.toThrow(FrameError);
});

test.each([
  '{"type":"rows","id":1,"rows":[{"Name":"Anna", broken',
  '{"type":"rows","id":1,"rows":[{"Name":["Anna",1]}]}',
])("quotes nothing of a broken frame: %s", async (line) => {
  const error: unknown = await read(lines(line)).catch((thrown) => thrown);

  expect(error).toBeInstanceOf(FrameError);
  expect(String(error)).not.toContain("Anna");
});

test("takes a line of the greatest length and refuses a longer one", async () => {
  const longest = rows(1).padEnd(1000);

  const received = await read(lines(longest), { maxLineBytes: 1000 });

  expect(received).toHaveLength(1);
  await expect(read(lines(`${longest} `), { maxLineBytes: 1000 })).rejects.toThrow("a line of more than 1000 bytes");
});

test("refuses a line without an end before it has it all", async () => {
  let given = 0;
  const endless = async function* () {
    for (;;) {
      given += 100;
      yield Buffer.alloc(100, "x");
    }
  };

  await expect(Array.fromAsync(readFrames(endless(), { maxLineBytes: 1000 }))).rejects.toThrow(FrameError);

  expect(given).toBe(1100);
});

function rows(id: number): string {
  return JSON.stringify({ type: "rows", id, rows: [] });
}

function lines(...texts: string[]): Buffer {
  return Buffer.from(texts.map((line) => `${line}\n`).join(""));
}

function read(bytes: Buffer, options?: { maxLineBytes: number }): Promise<AnswerFrame[]> {
  return Array.fromAsync(readFrames(Readable.from([bytes]), options));
}

function rowsOf(frames: AnswerFrame[]): Row[] {
  return frames.flatMap((frame) => (frame.type === "rows" ? frame.rows : []));
}

/** Cuts bytes into pieces of the sizes given, again and again. */
function* cut(bytes: Buffer, sizes: number[]): Generator<Buffer> {
  for (let start = 0, index = 0; start < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}
