import { InputError, type InputPlace } from "../input-error.ts";

/**
 * What can be wrong with rows of a scores file that is otherwise sound. Errors: the numbers cannot be
 * trusted, nothing is computed from them. Warnings: rows that are left out, or that change nothing.
 */
const LEVELS = {
  "out-of-range": "error",
  "non-numeric": "error",
  conflict: "error",
  duplicate: "warning",
  empty: "warning",
  "unknown-attribute": "warning",
  "unknown-column": "warning",
  unmatched: "warning",
} as const;

export type ScoreIssueKind = keyof typeof LEVELS;

/** All rows of one kind in one sentence, with the place of the first. */
export interface ScoreIssue {
  readonly kind: ScoreIssueKind;
  readonly level: "error" | "warning";
  /** One line, with file and line (Parquet: row). */
  readonly message: string;
  /** The first of them. */
  readonly line: number;
  /** Scores, or texts where the kind is `unmatched`. */
  readonly count: number;
}

/** How a file counts its rows: text files by line, Parquet by row, both from 1. */
export type RowUnit = "line" | "row";

interface Tally {
  readonly place: InputPlace;
  readonly line: number;
  readonly describe: (count: number) => string;
  count: number;
}

/** Counts rows by kind and keeps the words of the first. */
export class IssueTally {
  readonly #file: string;
  readonly #unit: RowUnit;
  readonly #kinds = new Map<ScoreIssueKind, Tally>();

  constructor(file: string, unit: RowUnit = "line") {
    this.#file = file;
    this.#unit = unit;
  }

  /** `describe` is called once, for the first row of its kind, with the count of all. */
  add(kind: ScoreIssueKind, line: number, describe: (count: number) => string, column?: string): void {
    const known = this.#kinds.get(kind);
    if (known) known.count++;
    else {
      const place = { file: this.#file, [this.#unit]: line, ...(column !== undefined && { column }) };
      this.#kinds.set(kind, { place, line, describe, count: 1 });
    }
  }

  issues(): ScoreIssue[] {
    return [...this.#kinds].map(([kind, { place, line, describe, count }]) => ({
      kind,
      level: LEVELS[kind],
      message: new InputError(describe(count), place).message,
      line,
      count,
    }));
  }

  /** Throws one InputError that tells of all kinds that are errors, if there are any; its place is the first's. */
  throwErrors(): void {
    const errors = [...this.#kinds].filter(([kind]) => LEVELS[kind] === "error").map(([, tally]) => tally);
    const [first, ...others] = errors;
    if (first === undefined) return;
    const rest = others.map(({ line, describe, count }) => `; and ${this.#unit} ${line}: ${describe(count)}`);
    throw new InputError(first.describe(first.count) + rest.join(""), first.place);
  }
}

/** `1 row`, `2,000 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
