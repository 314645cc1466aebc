import { readFileSync } from "node:fs";
import { type ColumnValues, type Frame, frameFromArrays, type Plan, parsePlan } from "../../src/index.ts";
import { randomStream } from "../../src/simulate/random.ts";

const ATTRIBUTES = [
  "AFFINITY",
  "COMPASSION",
  "CURIOSITY",
  "NUANCE",
  "PERSONAL_STORY",
  "REASONING",
  "RESPECT",
  "TOXICITY",
];
const TYPES = ["unguided", "values guided", "controversy guided"];

/** A plan that is shipped with the package. */
export function shippedPlan(name: string): { readonly plan: Plan; readonly text: string } {
  const text = readFileSync(new URL(`../../plans/${name}`, import.meta.url), "utf8");
  return { plan: parsePlan(text, name), text };
}

/** Ratings with the columns of PRISM's table, in random numbers: 90 conversations of 3 responses by 30 raters. */
export function smallRatings(): Frame {
  const random = randomStream(7, "small ratings");
  const rows = 270;
  const each = (value: (row: number) => number): number[] =>
    Array.from({ length: rows }, (_, row) => value(row));
  const conversation = (row: number): number => Math.floor(row / 3);
  const columns: Record<string, ColumnValues> = {
    conversation_id: each(conversation).map((id) => `c${id}`),
    user_id: each(conversation).map((id) => `u${Math.floor(id / 3)}`),
    conversation_type: each(conversation).map((id) => TYPES[id % 3]!),
    model_name: each((row) => row).map((row) => `model/${row % 6}`),
    score: each(() => 1 + random.below(100)),
    highest: each(() => random.below(2)),
  };
  columns.log_score = (columns.score as number[]).map(Math.log);
  for (const suffix of ["", "_human"]) {
    for (const name of ATTRIBUTES) columns[name + suffix] = each(() => random.uniform());
    const of = (name: string): number[] => columns[name + suffix] as number[];
    columns[`REASONING_NUANCE${suffix}`] = of("REASONING").map((x, row) => x * of("NUANCE")[row]!);
  }
  for (const name of ["younger", "male", "white", "high_values"])
    columns[name] = each((row) => (row === 0 ? Number.NaN : random.below(2)));
  return frameFromArrays(columns, "ratings.csv");
}
