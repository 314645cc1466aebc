import { InputError, type InputPlace } from "../../input-error.ts";
import { parseJsonLine } from "../../scores/json-line.ts";
import { oneLine } from "../../scores/one-line.ts";
import { lineBatches } from "../../scores/text-chunks.ts";
import type { PrismFile } from "../records.ts";
import type { Differences } from "./differences.ts";
import type { Fields, Rule } from "./rules.ts";

export type PrismRecord = Readonly<Record<string, unknown>>;
export type PrismPlace = InputPlace & { readonly file: string; readonly line: number };

/** Rows by a column's path and its value. */
export type ValueCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** More columns than this that the codebook does not have are named as one. */
const MOST_UNKNOWN = 20;

/**
 * Holds each row of a file against its columns' rules and calls `take` with those that are objects. What is wrong goes to
 * `differences`; nothing ends the reading. Returns the number of objects and how many have each published value.
 */
export async function checkColumns(
  { file, text }: PrismFile,
  columns: Fields,
  differences: Differences,
  take: (record: PrismRecord, place: PrismPlace) => void,
): Promise<{ readonly rows: number; readonly values: ValueCounts }> {
  const counts = new Map<string, Map<string, number>>();
  const shown = new Set<string>();
  let rows = 0;

  const checkValue = (rule: Rule, value: unknown, path: string, place: PrismPlace): void => {
    if (!rule.holds(value)) {
      const words = (): string => `is ${oneLine(JSON.stringify(value))}, expected ${rule.expected}`;
      differences.add("value", place, words, path);
      return;
    }
    if (rule.published !== undefined && value !== null) count(counts, path, String(value));
    if (rule.fields !== undefined && value !== null) {
      checkFields(rule.fields, value as PrismRecord, `${path}.`, place);
    }
  };
  const checkFields = (fields: Fields, record: PrismRecord, path: string, place: PrismPlace): void => {
    for (const name in fields) {
      const rule = fields[name]!;
      if (Object.hasOwn(record, name)) checkValue(rule, record[name], path + name, place);
      else differences.add("missing", place, () => `is missing, expected ${rule.expected}`, path + name);
    }
  };
  const checkNames = (record: PrismRecord, place: PrismPlace): void => {
    for (const name of Object.keys(record)) {
      if (Object.hasOwn(columns, name)) continue;
      if (shown.size < MOST_UNKNOWN) shown.add(name);
      if (shown.has(name)) {
        differences.add("unknown", place, () => "is not in PRISM's codebook", oneLine(name));
      } else {
        const words = (): string => `'${oneLine(name)}' and other columns are not in PRISM's codebook`;
        differences.add("unknown", place, words);
      }
    }
  };

  for await (const { first, lines } of lineBatches(text)) {
    for (const [i, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const place = { file, line: first + i };
      const record = parsed(line, place, differences);
      if (record === null) continue;
      rows++;
      checkFields(columns, record, "", place);
      checkNames(record, place);
      take(record, place);
    }
  }
  if (rows === 0) differences.add("empty", { file }, () => "has no rows");
  return { rows, values: counts };
}

/** null where the line is no JSON object. */
function parsed(line: string, place: PrismPlace, differences: Differences): PrismRecord | null {
  try {
    return parseJsonLine(line, {});
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    differences.add("broken", place, () => error.message);
    return null;
  }
}

function count(counts: Map<string, Map<string, number>>, path: string, value: string): void {
  const column = counts.get(path) ?? new Map<string, number>();
  column.set(value, (column.get(value) ?? 0) + 1);
  counts.set(path, column);
}
