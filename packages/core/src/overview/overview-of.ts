import type { DataOverview } from "../analyses/overview.ts";
import { findColumn } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { correlationsOf } from "./correlations.ts";
import { distributionOf, type OverviewPart } from "./distribution.ts";
import { modelsOf } from "./models.ts";
import { type RaterAnswers, ratersInTable } from "./raters.ts";

/** How a table is described; what is not given is looked for under the names that PRISM's table uses. */
export interface OverviewOptions {
  readonly simulated: boolean;
  /** Numeric columns of responses: by default the eight attributes and REASONING_NUANCE, those that are there. */
  readonly attributes?: readonly string[];
  /** Numeric columns of prompts, by default the same with `_human`. */
  readonly prompts?: readonly string[];
  /** A prompt's rows have the same value here, and count once; default `conversation_id`. Without the column every row counts. */
  readonly promptId?: string;
  /** Parts beside `all`; by default one for each level of `conversation_type`. */
  readonly subsets?: readonly OverviewPart[];
  /** Who the raters are, where that is known from elsewhere. */
  readonly raters?: readonly RaterAnswers[];
  /** Else, what the table says of them: columns that are constant within a rater. */
  readonly raterColumns?: readonly string[];
  /** Column of the rater, default `user_id`. */
  readonly rater?: string;
  /** Columns of the model, the score and the choice, default `model_name`, `score`, `highest`. */
  readonly model?: string;
  readonly score?: string;
  readonly chosen?: string;
}

const MERGED = "REASONING_NUANCE";
const OF_PROMPT = "_human";
const TYPE = "conversation_type";
/** As the published tables spell it. */
const PUBLISHED_TYPE: Readonly<Record<string, string>> = { "values guided": "value guided" };
const GROUPS = ["younger", "male", "white", "high_values"];

/**
 * What a table of ratings holds, one row a response: distributions of the attributes, their correlations, raters, models. An attribute
 * without any value is left out. A named column that does not exist, or is not numeric, is an InputError.
 */
export function overviewOf(table: Frame, options: OverviewOptions): DataOverview {
  const standard = [...ATTRIBUTES, MERGED];
  const there = (names: readonly string[]): string[] => names.filter((name) => table.columns.has(name));
  const ofResponses = options.attributes ?? there(standard);
  const ofPrompts = options.prompts ?? there(standard.map((name) => name + OF_PROMPT));
  const all: OverviewPart = { name: "all", rows: Int32Array.from({ length: table.rows }, (_, row) => row) };
  const parts = [all, ...(options.subsets ?? typesOf(table))];
  const promptParts = oncePerPrompt(table, parts, options.promptId ?? "conversation_id");
  const responses = new Map(ofResponses.map((name) => [name, numbers(table, name)]));
  const { rater = "user_id", model = "model_name", score = "score", chosen = "highest" } = options;
  return {
    format: "bridgewise-overview/1",
    simulated: options.simulated,
    rows: table.rows,
    attributes: [
      ...[...responses].map(([name, values]) => distributionOf(name, values, parts)),
      ...ofPrompts.map((name) => distributionOf(name, numbers(table, name), promptParts)),
    ].filter((distribution) => distribution !== null),
    correlations: correlationsOf(withValues(responses), table.rows),
    raters: options.raters ?? ratersInTable(table, rater, options.raterColumns ?? GROUPS),
    models: modelsOf(table, { model, score, chosen }),
  };
}

/** Columns with no value would leave no complete row. */
function withValues(columns: ReadonlyMap<string, Float64Array>): Map<string, Float64Array> {
  return new Map([...columns].filter(([, values]) => values.some(Number.isFinite)));
}

function numbers(table: Frame, name: string): Float64Array {
  const column = findColumn(table, name);
  if (column.type === "numeric") return column.values;
  throw new InputError("is not numeric, so it has no distribution; name columns of numbers", {
    file: table.source,
    column: name,
  });
}

function typesOf(table: Frame): OverviewPart[] {
  const column = table.columns.get(TYPE);
  if (column?.type !== "factor") return [];
  const rows = column.levels.map((): number[] => []);
  for (const [row, code] of column.codes.entries()) rows[code]?.push(row);
  // "unguided" first, as published; the rest by name, backwards: value guided, controversy guided.
  return column.levels
    .map((level, code) => ({ name: PUBLISHED_TYPE[level] ?? level, rows: rows[code]! }))
    .filter((part) => part.rows.length > 0)
    .sort(
      (a, b) => Number(b.name === "unguided") - Number(a.name === "unguided") || (a.name < b.name ? 1 : -1),
    );
}

/** The first row of each prompt only. */
function oncePerPrompt(table: Frame, parts: readonly OverviewPart[], id: string): readonly OverviewPart[] {
  const column = table.columns.get(id);
  if (column === undefined) return parts;
  const ids = column.type === "factor" ? column.codes : column.values;
  return parts.map(({ name, rows }) => {
    const seen = new Set<number>();
    const first = Array.from(rows).filter((row) => !seen.has(ids[row]!) && seen.add(ids[row]!));
    return { name, rows: first };
  });
}
