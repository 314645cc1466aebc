import { expect, test } from "vitest";
import { mean, normalQuantile, standardDeviation } from "../../src/posterior/index.ts";
import { DEMOGRAPHICS } from "../../src/prism/demographics.ts";
import { ATTRIBUTES } from "../../src/scores/index.ts";
import {
  type Coefficients,
  DEFAULT_TRUTH,
  MERGED_ATTRIBUTES,
  PRISM_MODELS,
  type SimulatedPrism,
  simulatePrism,
} from "../../src/simulate/index.ts";
import { scoreOf } from "../../src/simulate/ratings.ts";
import { groupsOf } from "../../src/simulate/users.ts";
import { centreWithin, type Estimates, leastSquares, logistic } from "./regression.ts";

const SLOPES = MERGED_ATTRIBUTES.map((name) => `b_${name}`);
const NO_GROUPS = {
  sd_model_name__Intercept: 0,
  sd_user_id__Intercept: 0,
  "sd_user_id:conversation_id__Intercept": 0,
};

function rowsOf(data: SimulatedPrism) {
  return data.conversations.flatMap(({ turns, conversation_id, user_id }) =>
    turns.flatMap(({ responses }) =>
      responses.map((response) => ({ ...response, conversation_id, user_id })),
    ),
  );
}

/** Predictors [SLOPES][rows]; responses with a score missing are left out before. */
function predictors(rows: readonly { readonly attributes: Float64Array }[]): Float64Array[] {
  const at = (name: string) => ATTRIBUTES.indexOf(name as never);
  return SLOPES.map((slope) => {
    const names = slope === "b_REASONING_NUANCE" ? ["REASONING", "NUANCE"] : [slope.slice(2)];
    return Float64Array.from(rows, ({ attributes }) =>
      names.reduce((product, name) => product * attributes[at(name)]!, 1),
    );
  });
}

/** An indicator of each model but the first, [models][rows]. */
function modelColumns(rows: readonly { readonly model: number }[]): Float64Array[] {
  return PRISM_MODELS.slice(1).map((_, m) => Float64Array.from(rows, (row) => Number(row.model === m + 1)));
}

const scored = (data: SimulatedPrism) => rowsOf(data).filter((row) => !row.attributes.includes(Number.NaN));

function expectTruth(
  { b, se }: Estimates,
  names: readonly string[],
  truth: Readonly<Record<string, number>>,
): void {
  for (const [j, name] of names.entries()) {
    expect(Math.abs(b[j]! - truth[name]!), name).toBeLessThan(4 * se[j]!);
    // An error so large that any value would pass says nothing.
    expect(se[j]!, name).toBeLessThan(0.6);
    expect(se[j]!, name).toBeGreaterThan(0);
  }
}

test("without group effects, logistic regression and least squares find all coefficients", () => {
  const data = simulatePrism({
    seed: 11,
    coefficients: { highest: NO_GROUPS, log_score: NO_GROUPS },
    moderation: false,
  });
  const rows = scored(data);
  const x = [new Float64Array(rows.length).fill(1), ...predictors(rows)];
  const names = ["b_Intercept", ...SLOPES];
  expectTruth(
    logistic(
      x,
      Float64Array.from(rows, (row) => Number(row.if_chosen)),
    ),
    names,
    DEFAULT_TRUTH.highest,
  );
  const y = Float64Array.from(rows, (row) => Math.log(row.score));
  expectTruth(leastSquares(x, y), names, DEFAULT_TRUTH.log_score);
});

test("raters' own slopes leave the mean slopes and sigma as they are, and least squares with interactions finds them", () => {
  const data = simulatePrism({ seed: 15 });
  const users = new Map(data.users.map((user) => [user.user_id, groupsOf(user)]));
  const rows = scored(data).filter((row) => Object.values(users.get(row.user_id)!).every(Number.isFinite));
  const groups = rows.map((row) => row.conversation_id);
  const slopes = predictors(rows);
  const moderated = DEMOGRAPHICS.flatMap((group) =>
    slopes.map((column) => column.map((value, i) => value * users.get(rows[i]!.user_id)![group])),
  );
  const x = [...slopes, ...moderated, ...modelColumns(rows)].map((column) => centreWithin(column, groups));
  const y = centreWithin(
    Float64Array.from(rows, (row) => Math.log(row.score)),
    groups,
  );
  const names = [...SLOPES, ...DEMOGRAPHICS.flatMap((group) => SLOPES.map((slope) => `${slope}:${group}`))];
  expectTruth(leastSquares(x, y, new Set(groups).size), names, data.moderated!);
});

test("with them, least squares within conversations finds the slopes and sigma of log_score", () => {
  const rows = scored(simulatePrism({ seed: 12 }));
  const groups = rows.map((row) => row.conversation_id);
  const x = [...predictors(rows), ...modelColumns(rows)].map((column) => centreWithin(column, groups));
  const y = centreWithin(
    Float64Array.from(rows, (row) => Math.log(row.score)),
    groups,
  );
  const estimates = leastSquares(x, y, new Set(groups).size);
  expectTruth(estimates, SLOPES, DEFAULT_TRUTH.log_score);
  const freedom = rows.length - x.length - new Set(groups).size;
  const fitted = y.map((_, i) => x.reduce((sum, column, j) => sum + column[i]! * estimates.b[j]!, 0));
  const sigma = Math.sqrt(y.reduce((sum, value, i) => sum + (value - fitted[i]!) ** 2, 0) / freedom);
  const truth = DEFAULT_TRUTH.log_score.sigma!;
  expect(Math.abs(sigma - truth)).toBeLessThan((4 * truth) / Math.sqrt(2 * freedom));
});

test("hardly a score is cut at 100, and 27% are highest", () => {
  const rows = rowsOf(simulatePrism({ seed: 13 }));
  expect(rows.filter((row) => row.score === 100).length / rows.length).toBeLessThan(1 / 1500);
  expect(rows.every((row) => Number.isInteger(row.score) && row.score >= 1 && row.score <= 100)).toBe(true);
  const highest = mean(Float64Array.from(rows, (row) => Number(row.if_chosen)));
  expect(Math.abs(highest - 0.27)).toBeLessThan(0.03);
});

/** Every parameter 0 but those given: then a rating shows them alone. */
function only(values: Record<string, number>): Coefficients {
  const names = Object.keys(DEFAULT_TRUTH.log_score).filter((name) => !name.endsWith("_human"));
  const zero = Object.fromEntries(names.map((name) => [name, 0]));
  return { log_score: { ...zero, b_Intercept: 3, ...values } };
}

test.each([
  ["sd_user_id__Intercept", "user_id"],
  ["sd_user_id:conversation_id__Intercept", "conversation_id"],
  ["sd_model_name__Intercept", "model"],
] as const)("%s is of one value for each %s", (name, level) => {
  const rows = rowsOf(
    simulatePrism({ seed: 14, scale: 0.3, coefficients: only({ [name]: 0.3 }), moderation: false }),
  );
  const scores = new Map<string | number, Set<number>>();
  for (const row of rows) scores.set(row[level], (scores.get(row[level]) ?? new Set()).add(row.score));
  expect([...scores.values()].every((values) => values.size === 1)).toBe(true);
  const effects = Float64Array.from(scores.values(), ([score]) => Math.log(score!));
  expect(Math.abs(standardDeviation(effects) - 0.3)).toBeLessThan((4 * 0.3) / Math.sqrt(2 * effects.length));
});

test("rounding to whole scores leaves mean and sd of the logarithm", () => {
  const n = 20_001;
  for (const centre of [1.9, 2.2, 2.6, 3, 3.3]) {
    const logs = Float64Array.from({ length: n }, (_, i) =>
      Math.log(scoreOf(centre, 0.35, normalQuantile((i + 0.5) / n))),
    );
    // An intercept's posterior sd is about 0.01, sigma's 0.0017.
    expect(Math.abs(mean(logs) - centre)).toBeLessThan(3e-4);
    expect(Math.abs(standardDeviation(logs) - 0.35)).toBeLessThan(2e-4);
  }
});
