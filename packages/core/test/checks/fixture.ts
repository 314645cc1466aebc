// Fits of brms in fixtures/checks: data, 200 draws each, and what R computed from those same draws.
import { readFileSync } from "node:fs";
import { parseCsv } from "../../src/csv/index.ts";
import type { Frame } from "../../src/frame/index.ts";
import { buildModel } from "../../src/model/index.ts";
import type { DrawColumns, FittedModel } from "../../src/predict/index.ts";

const folder = new URL("../../../../fixtures/", import.meta.url);

export const readTable = (name: string): Frame =>
  parseCsv(readFileSync(new URL(name, folder)), { source: name });

export const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`checks/${name}.json`, folder), "utf8")) as T;

export function readDraws(name: string): DrawColumns {
  const frame = readTable(`checks/${name}-draws.csv`);
  return {
    draws: frame.rows,
    column(variable) {
      const column = frame.columns.get(variable);
      return column?.type === "numeric" ? column.values : undefined;
    },
  };
}

export const constantDraws = (values: Readonly<Record<string, number>>): DrawColumns => ({
  draws: 1,
  column: (name) => (name in values ? Float64Array.of(values[name]!) : undefined),
});

/** Bernoulli responses of persons crossed with items; fixed effects with scale(), an interaction and factors. */
export function verbal(): FittedModel & { draws: DrawColumns } {
  const frame = readTable("checks/verbal.csv");
  const formula = "r2 ~ scale(Anger) * Gender + btype + (1 | id) + (1 | item)";
  const { model, terms, kept } = buildModel({ formula, family: "bernoulli", frame });
  return { model, terms, kept, frame, draws: readDraws("verbal") };
}

/** Gaussian responses with correlated slopes. */
export function sleep(): FittedModel & { draws: DrawColumns } {
  const frame = readTable("checks/sleep.csv");
  const formula = "Reaction ~ Days + I(Days^2) + (1 + Days | Subject)";
  return { ...buildModel({ formula, family: "gaussian", frame }), frame, draws: readDraws("sleep") };
}

/** Three ordered categories. */
export function ordinal(): FittedModel & { draws: DrawColumns } {
  const data = readTable("checks/verbal.csv");
  const formula = "resp ~ Anger + btype + (1 | id)";
  const levels = { resp: ["no", "perhaps", "yes"] };
  return {
    ...buildModel({ formula, family: "cumulative", frame: data, levels }),
    frame: data,
    draws: readDraws("ordinal"),
  };
}

/** The largest relative difference, of numbers below 1 the absolute one; different lengths are infinitely far. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length || actual.length === 0) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }
  return most;
}
