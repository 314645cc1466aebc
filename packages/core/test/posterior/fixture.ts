import { readFileSync } from "node:fs";
import type { Draws } from "../../src/posterior/draws.ts";

const folder = new URL("../../../../fixtures/diagnostics/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8").trim();

export function parseValue(text: string): number {
  if (text === "NA") return Number.NaN;
  return text.endsWith("Inf") ? Number(text.replace("Inf", "Infinity")) : Number(text);
}

/** draws.csv: variable, chain, draw, value, sorted by these. */
export function readLongDraws(): Draws {
  const rows = read("draws.csv")
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const variables = [...new Set(rows.map((row) => row[0]!))];
  const chains = Math.max(...rows.map((row) => Number(row[1])));
  const draws = Math.max(...rows.map((row) => Number(row[2])));
  const values = new Float64Array(variables.length * chains * draws).fill(-1e99);
  for (const [name, chain, draw, value] of rows) {
    const at = (variables.indexOf(name!) * chains + Number(chain) - 1) * draws + Number(draw) - 1;
    values[at] = parseValue(value!);
  }
  return { variables, chains, draws, values };
}

/** draws_odd.csv: one column a chain. */
export function readOddDraws(): Draws {
  const rows = read("draws_odd.csv")
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const chains = rows[0]!.length;
  const columns = Array.from({ length: chains }, (_, c) => rows.map((row) => row[c]!));
  return {
    variables: ["odd"],
    chains,
    draws: rows.length,
    values: Float64Array.from(columns.flat()),
  };
}

/** R's results: a number, or "NA", "NaN", "Inf". */
export type Reference = Readonly<Record<string, number | string>>;

export function readReference(): readonly Reference[] {
  return JSON.parse(read("convergence.json"));
}

export function readOddReference(): Reference {
  return JSON.parse(read("convergence_odd.json"));
}
