import { InputError, type InputPlace } from "../../input-error.ts";
import { counted } from "../../scores/issues.ts";

/** One way in which the files are not as published. */
export interface PrismDifference {
  readonly file: string;
  /** Of the first row that has it, from 1; null where it is the file's as a whole. */
  readonly line: number | null;
  /** Path of the column; null where it is the row's as a whole. */
  readonly column: string | null;
  /** Rows that have it; 1 where it is the file's as a whole. */
  readonly rows: number;
  /** One line, with file, line, column and value. */
  readonly message: string;
}

interface Tally {
  readonly place: InputPlace & { readonly file: string };
  readonly column: string | null;
  readonly words: string;
  rows: number;
}

/** Collects differences; those of one kind in one column are one, told by the first row. */
export class Differences {
  readonly #found = new Map<string, Tally>();

  /** `words` is asked for once, of the first row of its kind. */
  add(
    kind: string,
    place: InputPlace & { readonly file: string },
    words: () => string,
    column: string | null = null,
  ): void {
    const key = `${place.file}\n${column}\n${kind}`;
    const known = this.#found.get(key);
    if (known !== undefined) known.rows++;
    else this.#found.set(key, { place, column, words: words(), rows: 1 });
  }

  list(): PrismDifference[] {
    return [...this.#found.values()].map(({ place, column, words, rows }) => {
      const more = rows === 1 ? "" : `; and ${counted(rows - 1, "more row")}`;
      const at = column === null ? place : { ...place, column };
      return {
        file: place.file,
        line: place.line ?? null,
        column,
        rows,
        message: new InputError(words + more, at).message,
      };
    });
  }
}
