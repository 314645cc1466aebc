import { factorFromCodes } from "../frame/factor.ts";
import type { Column } from "../frame/frame.ts";

/** Builds a column cell by cell. It keeps no text but one for each level, so that big files stay small. */
export interface ColumnReader {
  add(cell: string): void;
  /** The column; undefined if the cells did not fit the reader and have to be read again as texts. */
  finish(): Column | undefined;
}

/** Numbers; `NaN` and `Inf` count as such and are kept in `invalid`. */
export class NumberReader implements ColumnReader {
  readonly #name: string;
  readonly #invalid = new Map<number, string>();
  #values = new Float64Array(1024);
  #rows = 0;
  #isNumeric = true;

  constructor(name: string) {
    this.#name = name;
  }

  add(cell: string): void {
    if (!this.#isNumeric) return;
    const row = this.#rows++;
    if (row === this.#values.length) {
      const longer = new Float64Array(2 * row);
      longer.set(this.#values);
      this.#values = longer;
    }
    const value = readNumber(cell);
    this.#values[row] = value;
    if (Number.isFinite(value) || isMissing(cell)) return;
    const text = cell.trim();
    if (!Number.isNaN(value) || /^[+-]?nan$/i.test(text)) this.#invalid.set(row, text);
    else this.#isNumeric = false;
  }

  finish(): Column | undefined {
    if (!this.#isNumeric) return undefined;
    const invalid = this.#invalid;
    const values = this.#values.slice(0, this.#rows);
    return { type: "numeric", name: this.#name, values, ...(invalid.size > 0 && { invalid }) };
  }
}

/** Texts, the levels of a factor. */
export class TextReader implements ColumnReader {
  readonly #name: string;
  readonly #levels = new Map<string, number>();
  #codes = new Int32Array(1024);
  #rows = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(cell: string): void {
    const row = this.#rows++;
    if (row === this.#codes.length) {
      const longer = new Int32Array(2 * row);
      longer.set(this.#codes);
      this.#codes = longer;
    }
    let code = this.#levels.get(cell);
    if (code === undefined) {
      code = isMissing(cell) ? -1 : this.#levels.size;
      if (code >= 0) this.#levels.set(cell, code);
    }
    this.#codes[row] = code;
  }

  finish(): Column {
    return factorFromCodes(this.#name, [...this.#levels.keys()], this.#codes.slice(0, this.#rows));
  }
}

const INFINITE = /^\s*([+-]?)inf(?:inity)?\s*$/i;
/** More digits than a double keeps apart. Identifiers that long must not be merged by rounding. */
const LONG_INTEGER = /^\s*[+-]?\d{16,}\s*$/;

/** Empty, blank or `NA`. */
function isMissing(cell: string): boolean {
  return cell === "" || cell === "NA" || /^\s*(?:NA)?\s*$/.test(cell);
}

/** NaN for what is not a decimal number: JavaScript alone would also read blanks and 0x10. */
function readNumber(cell: string): number {
  const value = Number(cell);
  if (Number.isNaN(value)) {
    const infinite = INFINITE.exec(cell);
    return infinite === null
      ? value
      : infinite[1] === "-"
        ? Number.NEGATIVE_INFINITY
        : Number.POSITIVE_INFINITY;
  }
  if (value === 0 && cell.trim() === "") return Number.NaN;
  if (!Number.isSafeInteger(value) && Math.abs(value) >= 1e15 && LONG_INTEGER.test(cell)) return Number.NaN;
  const mayBeHex = cell.charCodeAt(1) > 65 || cell.charCodeAt(0) <= 32;
  if (mayBeHex && /^\s*0[xob]/i.test(cell)) return Number.NaN;
  return value;
}

/** Whether a cell can only be read as a text. */
export function isText(cell: string): boolean {
  return Number.isNaN(readNumber(cell)) && !isMissing(cell) && !/^\s*[+-]?nan\s*$/i.test(cell);
}
