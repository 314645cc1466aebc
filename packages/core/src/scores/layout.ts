import { InputError, type InputPlace } from "../input-error.ts";
import { ATTRIBUTES, attributeIndex, nearestAttribute } from "./attributes.ts";
import { oneLine } from "./one-line.ts";
import type { Scores } from "./scores.ts";

/** What the columns (CSV) or fields (JSONL) of a scores file are. */
export interface Layout {
  readonly key: Scores["key"];
  readonly shape: "long" | "wide";
  /** Columns that the shape needs besides attributes. */
  readonly needed: readonly string[];
}

/** A column is an attribute's (index into ATTRIBUTES), one that is needed or kept (-1), or a misspelt attribute. */
export type ColumnRole = number | "needed" | "provenance" | "misspelt";

const ID = ["column_id", "text_id"] as const;
const HASH = "text_sha256";
const LONG = ["attribute", "score"] as const;
const SHAPES = `a scores file has ${ID.join(", ")} (or ${HASH}) and either ${LONG.join(", ")} or one column for each attribute`;

/** `place`: of the names, for messages. */
export function layoutOf(names: readonly string[], place: InputPlace): Layout {
  const has = (name: string): boolean => names.includes(name);
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) throw new InputError(`column '${oneLine(name)}' is there twice`, place);
  }
  const key = ID.every(has) ? "id" : has(HASH) ? "sha256" : null;
  if (key === null) throw new InputError(`${missing(names, ID)}; ${SHAPES}`, place);
  const keys = key === "id" ? ID : [HASH];
  if (LONG.every(has)) return { key, shape: "long", needed: [...keys, ...LONG] };
  if (names.some((name) => attributeIndex(name) >= 0)) return { key, shape: "wide", needed: keys };
  if (LONG.some(has)) throw new InputError(`${missing(names, LONG)}; ${SHAPES}`, place);
  throw new InputError(
    `there is no score: neither columns ${LONG.join(", ")} nor one of ${ATTRIBUTES.join(", ")} among ${list(names)}`,
    place,
  );
}

export function roleOf(name: string, { shape, needed }: Layout): ColumnRole {
  if (needed.includes(name)) return "needed";
  if (shape === "long") return "provenance";
  const attribute = attributeIndex(name);
  if (attribute >= 0) return attribute;
  return nearestAttribute(name) === undefined ? "provenance" : "misspelt";
}

function missing(names: readonly string[], wanted: readonly string[]): string {
  const absent = wanted.filter((name) => !names.includes(name));
  return `${absent.length === 1 ? "column" : "columns"} ${absent.map((name) => `'${name}'`).join(", ")} missing among ${list(names)}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(oneLine).join(", ");
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
