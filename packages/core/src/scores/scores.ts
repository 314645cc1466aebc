import type { ScoreIssue } from "./issues.ts";
import { oneLine } from "./one-line.ts";
import type { TextColumn } from "./score-row.ts";
import { sha256Hex } from "./sha256.ts";

/** Where the scores of texts are looked up. */
export interface Scores {
  /** Name of the file, for messages. */
  readonly source: string;
  /** How the file names texts. */
  readonly key: "id" | "sha256";
  /** Number of texts. */
  readonly texts: number;
  /** Scores read, over all texts and attributes. */
  readonly count: number;
  /** Columns that are neither ids nor scores, such as a provider or a time. */
  readonly provenance: readonly string[];
  readonly issues: readonly ScoreIssue[];
  /** [texts, ATTRIBUTES] probabilities; NaN where not scored. */
  readonly values: Float64Array;
  /** [texts] line on which each text comes first. */
  readonly lines: Int32Array;
  /** Number of a text, by PRISM's id or by its content, whichever the file has; -1 where it has no score. */
  find(column: TextColumn, id: string, text: string): number;
  /** What the file calls a text, for messages. */
  describe(text: number): string;
}

/** Numbers texts in the order of their first row. */
export class TextNumbers {
  readonly #byColumn: Readonly<Record<TextColumn | "sha256", Map<string, number>>> = {
    model_response: new Map(),
    user_prompt: new Map(),
    sha256: new Map(),
  };
  count = 0;

  /** The text's number; a new text gets the next one. */
  number(column: TextColumn | "sha256", id: string): number {
    const numbers = this.#byColumn[column];
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, this.count);
    return this.count++;
  }

  find(column: TextColumn | "sha256", id: string): number {
    return this.#byColumn[column].get(id) ?? -1;
  }

  findText(text: string): number {
    const hashes = this.#byColumn.sha256;
    return hashes.size === 0 ? -1 : (hashes.get(sha256Hex(text)) ?? -1);
  }

  describe(wanted: number): string {
    for (const [column, numbers] of Object.entries(this.#byColumn)) {
      for (const [id, number] of numbers) if (number === wanted) return `${column} '${oneLine(id)}'`;
    }
    return `text ${wanted}`;
  }
}
