/** A text that arrives in pieces, cut anywhere: a file's stream, or a whole text as one piece (`[text]`). */
export type TextChunks = Iterable<string> | AsyncIterable<string>;

/** Complete lines, many at a time: one await for each would cost more than the lines. */
export interface LineBatch {
  /** Line number of lines[0], from 1. */
  readonly first: number;
  /** Without their ends. */
  readonly lines: readonly string[];
}

/** Lines end with \n or \r\n; a byte order mark is left out. */
export async function* lineBatches(chunks: TextChunks): AsyncGenerator<LineBatch> {
  let first = 1;
  let rest = "";
  for await (const chunk of withoutMark(chunks)) {
    const text = rest + chunk;
    const end = text.lastIndexOf("\n");
    rest = text.slice(end + 1);
    if (end < 0) continue;
    const lines = splitLines(text.slice(0, end));
    yield { first, lines };
    first += lines.length;
  }
  if (rest !== "") yield { first, lines: splitLines(rest) };
}

/** The same text without the byte order mark that some programs put first. */
export async function* withoutMark(chunks: TextChunks): AsyncGenerator<string> {
  let begun = false;
  for await (const chunk of chunks) {
    if (chunk === "") continue;
    yield begun || chunk.charCodeAt(0) !== 0xfeff ? chunk : chunk.slice(1);
    begun = true;
  }
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (!text.includes("\r")) return lines;
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}
