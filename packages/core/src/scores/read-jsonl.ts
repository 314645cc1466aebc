import { InputError } from "../input-error.ts";
import type { ScoreCollector } from "./collector.ts";
import { parseJsonLine } from "./json-line.ts";
import { type ColumnRole, type Layout, layoutOf, roleOf } from "./layout.ts";
import { oneLine } from "./one-line.ts";
import type { Scores } from "./scores.ts";
import { lineBatches, type TextChunks } from "./text-chunks.ts";

/** Reads the objects of a JSON Lines file into `into`; the first object decides the shape. */
export async function readScoresJsonl(chunks: TextChunks, into: ScoreCollector): Promise<Scores["key"]> {
  let layout: Layout | null = null;
  const roles = new Map<string, ColumnRole>();
  for await (const { first, lines } of lineBatches(chunks)) {
    for (let i = 0; i < lines.length; i++) {
      if (lines[i]!.trim() === "") continue;
      const record = parseJsonLine(lines[i]!, { file: into.source, line: first + i });
      layout ??= layoutOf(Object.keys(record), into.source);
      addRecord(record, first + i, layout, roles, into);
    }
  }
  if (layout === null)
    throw new InputError("is empty; a scores file has one object on each line", { file: into.source });
  return layout.key;
}

function addRecord(
  record: Record<string, unknown>,
  line: number,
  layout: Layout,
  roles: Map<string, ColumnRole>,
  into: ScoreCollector,
): void {
  const fail = (name: string, expected: string): never => {
    const value = record[name];
    const found = value === undefined ? "is missing" : `is ${oneLine(JSON.stringify(value))}`;
    const place = { file: into.source, line, column: name };
    throw new InputError(`${found}, expected ${expected}; name each score's text and attribute`, place);
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

/** null stays null; what is no JSON number, a text with digits included, is NaN. */
function numberOf(value: unknown): number | null {
  return value === null ? null : typeof value === "number" ? value : Number.NaN;
}
