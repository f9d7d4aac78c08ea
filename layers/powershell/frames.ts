import { stripVTControlCharacters } from "node:util";
import * as z from "zod";
import { visibleText } from "#runtime/text";

/** A value of a cmdlet's parameter, sent as data. A switch is a boolean. */
export type ParameterValue = string | number | boolean | readonly string[];

/** Node to worker: one JSON object a line. */
export type RequestFrame =
  | {
      id: number;
      op: "connect";
      /** Path of the module's .psd1; null imports an installed ExchangeOnlineManagement. */
      modulePath: string | null;
      appId: string;
      organization: string;
      /** The PFX, base64. */
      certificate: string;
      certificatePassword: string;
      environmentName: string;
      /** Served cmdlets to load, those of the module itself left out. */
      commandNames: readonly string[];
      /** Every cmdlet whose presence and parameters are answered. */
      cmdlets: readonly string[];
    }
  /** What the certificate says of itself. */
  | { id: number; op: "certificate"; certificate: string; certificatePassword: string }
  /** Which module is loaded. */
  | { id: number; op: "module"; modulePath: string | null }
  /** What time it is at a host, which is asked over HTTPS. */
  | { id: number; op: "clock"; hostName: string }
  | {
      id: number;
      op: "invoke";
      cmdlet: string;
      parameters: Readonly<Record<string, ParameterValue>>;
      /** The properties a row is made of. One that a row has not is left out of it. */
      select: readonly string[];
    }
  /** Ends the call of that id, if it is under way: its last frame is `stopped`. The session goes on. */
  | { id: number; op: "stop" };

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/** One object of the pipeline: a Guid is its lower-case text, a time ISO 8601 in UTC, an enum its name. */
export type Row = Record<string, z.infer<typeof cellSchema>>;

/** What PowerShell or Exchange says, for logs and for people: nothing in it moves a cursor, and no NUL is left. */
const words = z.string().transform((text) => visibleText(text.replaceAll("\0", "")));

const exceptionSchema = z.object({ type: z.string(), message: words, hresult: z.number() });

const errorRecordSchema = z.object({
  /** The exception and the inner ones, outermost first. */
  exceptions: z.array(exceptionSchema).min(1),
  errorId: z.string(),
  category: z.string(),
  reason: z.string(),
});

export type ErrorRecord = z.infer<typeof errorRecordSchema>;

const count = z.number().int().nonnegative();
const id = count;
const stage = z.enum(["certificate", "module", "connect", "invoke"]);
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Worker to Node: one JSON object a line. */
const answerFrameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), powershell: z.string(), pid: count }),
  z.object({
    type: z.literal("connected"),
    id,
    module: z.object({ version: z.string(), path: z.string() }),
    /** By cmdlet's name as asked for; one that is absent may not be used. */
    commands: z.record(z.string(), z.array(z.string())),
    certificate: z.object({ notBefore: time, notAfter: time }),
    importMs: z.number(),
    connectMs: z.number(),
  }),
  z.object({
    type: z.literal("certificate"),
    id,
    subject: z.string(),
    /** SHA-1 in hexadecimal, as Microsoft Entra ID shows it. */
    thumbprint: z.string(),
    notBefore: time,
    notAfter: time,
    hasPrivateKey: z.boolean(),
    keyAlgorithm: z.string(),
    keyBits: count.nullable(),
  }),
  z.object({ type: z.literal("module"), id, version: z.string(), path: z.string(), importMs: z.number() }),
  z.object({ type: z.literal("clock"), id, localTime: time, serverTime: time.nullable() }),
  z.object({ type: z.literal("rows"), id, rows: z.array(z.record(z.string(), cellSchema)) }),
  /** The end of a call that had no error. */
  z.object({ type: z.literal("done"), id, rows: count, warnings: z.array(words), memoryBytes: count }),
  /** The end of a call that had at least one error. */
  z.object({
    type: z.literal("failed"),
    id,
    stage,
    rows: count,
    errors: z.array(errorRecordSchema).min(1),
    warnings: z.array(words),
    memoryBytes: count,
  }),
  /** The end of a call that was stopped, with what went wrong in it last, the newest first. */
  z.object({
    type: z.literal("stopped"),
    id,
    stage,
    rows: count,
    errors: z.array(errorRecordSchema),
    warnings: z.array(words),
    memoryBytes: count,
  }),
]);

export type AnswerFrame = z.infer<typeof answerFrameSchema>;

const lineFeed = 0x0a;
const excerptBytes = 200;

/** A frame may take this much. Rows come several to a frame, far below it. */
const maxLineBytes = 32 * 1024 * 1024;

/** Standard output held something that is no frame. The message completes the sentence "PowerShell wrote …". */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

type Options = { maxLineBytes?: number };

/**
 * The frames of the worker's standard output, read no faster than they are pulled. Throws a FrameError at the first line
 * that is none. Empty lines are passed over. A line that the stream's end cuts short is no frame and no error: whoever
 * reads learns from the missing answer that the worker died.
 */
export async function* readFrames(stream: AsyncIterable<Buffer>, options: Options = {}): AsyncGenerator<AnswerFrame> {
  for await (const line of readLines(stream, options.maxLineBytes ?? maxLineBytes)) {
    if (line.length > 0) yield decodeFrame(line);
  }
}

// By bytes, because a character may lie across two chunks, and because `node:readline` also splits at U+2028.
async function* readLines(stream: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(lineFeed, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > limit) throw new FrameError(`a line of more than ${limit} bytes`);
      start += piece.length + 1;
      if (end === -1) continue;
      yield Buffer.concat(pieces, bytes);
      pieces = [];
      bytes = 0;
    }
  }
}

function decodeFrame(line: Buffer): AnswerFrame {
  const parsed = answerFrameSchema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FrameError(`a frame that is not as agreed: ${issue?.path.join(".")}: ${issue?.message}`);
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    throw new FrameError(`a line that is no JSON${excerpt(line)}`);
  }
}

/** What was printed there. Not of a broken frame, whose rows are nobody's business. */
function excerpt(line: Buffer): string {
  const text = visibleText(stripVTControlCharacters(line.subarray(0, excerptBytes).toString("utf8"))).trim();
  return text === "" || text.startsWith("{") ? "" : `: "${text}"`;
}
