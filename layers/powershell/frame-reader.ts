import { stripVTControlCharacters } from "node:util";
import { type AnswerFrame, answerFrameSchema } from "#powershell/frames";
import { visibleText } from "#runtime/text";

const lineFeed = 0x0a;
const excerptBytes = 200;

/** A frame may take this much. Rows come several to a frame, far below it. */
export const maxLineBytes = 32 * 1024 * 1024;

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
