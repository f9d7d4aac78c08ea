import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { visibleText } from "#runtime/text";

const maxCharacters = 4_000;
const maxLines = 20;

/** Reads a stream to its end and remembers its last lines. The function answers them without colours; empty when there are none. */
export function rememberLastLines(stream: Readable): () => string {
  const decoder = new StringDecoder("utf8");
  let tail = "";
  stream.on("data", (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-maxCharacters);
  });
  return () => {
    const lines = visibleText(stripVTControlCharacters(tail)).split("\n");
    const written = lines.map((line) => line.trimEnd()).filter((line) => line !== "");
    return written.slice(-maxLines).join("\n");
  };
}
