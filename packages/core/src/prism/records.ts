import { InputError, type InputPlace } from "../input-error.ts";
import { parseJsonLine } from "../scores/json-line.ts";
import { oneLine } from "../scores/one-line.ts";
import { lineBatches, type TextChunks } from "../scores/text-chunks.ts";

/** A file's name, for messages, and its text. */
export interface PrismFile {
  readonly file: string;
  readonly text: TextChunks;
}

/** Calls `take` with each record of a JSON Lines file, in order; blank lines are left out. Returns the number of records. */
export async function eachRecord<T>(
  { file, text }: PrismFile,
  parse: (record: Readonly<Record<string, unknown>>, place: InputPlace) => T,
  take: (record: T, line: number) => void,
): Promise<number> {
  let records = 0;
  for await (const { first, lines } of lineBatches(text)) {
    for (let i = 0; i < lines.length; i++) {
      if (lines[i]!.trim() === "") continue;
      const place = { file, line: first + i };
      take(parse(parseJsonLine(lines[i]!, place), place), first + i);
      records++;
    }
  }
  if (records === 0) throw new InputError("has no records; download it again", { file });
  return records;
}

/** Finds ids that come twice, as in a file that was appended to itself. */
export class UniqueIds {
  readonly #name: string;
  readonly #file: string;
  readonly #lines = new Map<string, number>();

  constructor(name: string, file: string) {
    this.#name = name;
    this.#file = file;
  }

  add(id: string, line: number): void {
    const first = this.#lines.get(id);
    if (first !== undefined) {
      throw new InputError(`${this.#name} '${oneLine(id)}' is on line ${first} already; keep one of them`, {
        file: this.#file,
        line,
      });
    }
    this.#lines.set(id, line);
  }
}
