/** A piece of text; code (a formula, a variable's name) is set in a typewriter's face. */
export interface Span {
  readonly text: string;
  readonly code?: boolean;
}

/** A table for a paper: the first column to the left, the others to the right. */
export interface TextTable {
  /** For references to it: letters and hyphens. */
  readonly label: string;
  readonly caption: readonly Span[];
  readonly columns: readonly string[];
  /** The first cell of a row is code. Numbers have an ASCII minus. */
  readonly rows: readonly (readonly string[])[];
}
