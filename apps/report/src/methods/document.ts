import type { ReferenceKey } from "./references.ts";

/** A piece of the methods. In `text`, `{key}` stands for a reference. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  /** Formulas, one a line, set apart. */
  | { readonly kind: "formula"; readonly lines: readonly string[] }
  | {
      readonly kind: "table";
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export interface MethodsSection {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** The methods of a report, as a supplement has them. */
export interface MethodsDocument {
  readonly sections: readonly MethodsSection[];
  /** Those that the text cites, in the order of their first mention. */
  readonly references: readonly ReferenceKey[];
}

export const paragraph = (...sentences: readonly (string | false | undefined)[]): Block => ({
  kind: "paragraph",
  text: sentences.filter((s) => s).join(" "),
});
