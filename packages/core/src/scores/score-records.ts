import { InputError } from "../input-error.ts";
import type { ScoreCollector } from "./collector.ts";
import { type ColumnRole, type Layout, layoutOf, roleOf } from "./layout.ts";
import { oneLine } from "./one-line.ts";
import type { Scores } from "./scores.ts";

/** Takes rows that come as named fields (JSON Lines, Parquet) into a collector; the first decides the shape. */
export class ScoreRecords {
  readonly #into: ScoreCollector;
  readonly #roles = new Map<string, ColumnRole>();
  #layout: Layout | null = null;

  constructor(into: ScoreCollector) {
    this.#into = into;
  }

  /** How the file names texts; null where there was no row. */
  get key(): Scores["key"] | null {
    return this.#layout?.key ?? null;
  }

  /** `line`: the row's number in the collector's unit. */
  add(record: Readonly<Record<string, unknown>>, line: number): void {
    this.#layout ??= layoutOf(Object.keys(record), this.#into.header);
    addRecord(record, line, this.#layout, this.#roles, this.#into);
  }
}

function addRecord(
  record: Readonly<Record<string, unknown>>,
  line: number,
  layout: Layout,
  roles: Map<string, ColumnRole>,
  into: ScoreCollector,
): void {
  const fail = (name: string, expected: string): never => {
    const value = record[name];
    const found = value === undefined ? "is missing" : `is ${oneLine(JSON.stringify(value))}`;
    throw new InputError(
      `${found}, expected ${expected}; name each score's text and attribute`,
      into.place(line, name),
    );
  };
  const field = (name: string): string => {
    const value = record[name];
    return typeof value === "string" && value !== "" ? value : fail(name, "a text");
  };
  const text =
    layout.key === "id"
      ? into.text(line, field("column_id"), field("text_id"))
      : into.hash(line, field("text_sha256"));
  for (const name in record) {
    let role = roles.get(name);
    if (role === undefined) {
      role = roleOf(name, layout);
      roles.set(name, role);
    }
    if (role === "provenance") into.provenance(name);
    else if (role === "misspelt") into.unknownAttribute(line, name);
    else if (role !== "needed" && text >= 0) {
      into.addAt(line, text, role, numberOf(record[name]), record[name]);
    }
  }
  if (layout.shape === "long") {
    const attribute = field("attribute");
    if (record.score === undefined) fail("score", "a number");
    if (text >= 0) into.add(line, text, attribute, numberOf(record.score), record.score);
  }
}

/** null stays null; what is no number, a text with digits included, is NaN. */
function numberOf(value: unknown): number | null {
  return value === null ? null : typeof value === "number" ? value : Number.NaN;
}
