import { categoryProbabilities, familyOf } from "../family/index.ts";
import type { Column, FactorColumn, Frame } from "../frame/frame.ts";
import type { GroupTerm, Model } from "../model/model.ts";
import { estimateOf, type PosteriorEstimate } from "../posterior/estimate.ts";
import { median } from "../posterior/quantile.ts";
import { designRows, type FittedModel, fittedFrame, modelBasis } from "../predict/designed-rows.ts";
import { type DrawColumns, LinearPredictor, type PredictorRows } from "../predict/linear-predictor.ts";
import { type ComparisonOptions, comparisons } from "./scenarios.ts";

export interface EffectOptions extends ComparisonOptions {
  /** Groups whose effects count in the expectations; default none: the population's level (brms's `re_formula = NA`). */
  readonly groups?: readonly GroupTerm[];
  /** observed: the average over the data's rows; mean: one row of numeric means and most frequent levels. Default observed. */
  readonly at?: "observed" | "mean";
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** The response is the log of what is meant, so the ratio exp(difference) is given; found out by itself for `log(y) ~`. */
  readonly logResponse?: boolean;
  readonly onRows?: (done: number, rows: number) => void;
}

/** An effect on the response's scale, averaged over rows. */
export interface AverageEffect extends PosteriorEstimate {
  readonly variable: string;
  /** `+0.1`, `slope` (a unit of the variable), `M - F`. */
  readonly contrast: string;
  /** What is expected: the response, its probability, a category's probability, the mean category. */
  readonly outcome: string;
  /** `probability points` (1 is from impossible to certain), `categories`, `trials`, or the response's name. */
  readonly unit: string;
  /** exp of the change of the linear predictor, where that is the same in all rows; its estimate is the median. */
  readonly ratio?: PosteriorEstimate & { readonly kind: "odds ratio" | "score ratio" };
  /** [draws] of the effect. */
  readonly draws: Float64Array;
}

/** An expectation of a row in a draw. */
interface Outcome {
  readonly name: string;
  readonly unit: string;
  readonly value: (eta: number, aux: Float64Array, trials: number) => number;
}

/**
 * Average marginal effects and contrasts (Arel-Bundock, Greifer & Heiss 2024, doi:10.18637/jss.v111.i09): for each draw the mean over
 * rows of E[y | changed] - E[y]. The design is evaluated anew on the changed columns, so interactions, I(x^2) and scale() follow.
 * Memory for one row's draws of each changed table.
 */
export function averageEffects(
  fitted: FittedModel,
  draws: DrawColumns,
  options: EffectOptions = {},
): AverageEffect[] {
  const { groups = [], at = "observed", level, onRows } = options;
  const { model, terms } = fitted;
  const data = fittedFrame(fitted);
  const basis = modelBasis(fitted);
  const base = at === "mean" ? averageRow(data) : data;
  const wanted = comparisons(terms, basis, base, options);
  const own: Model = { ...model, groups };
  const index = (group: GroupTerm): Int32Array => (at === "mean" ? Int32Array.of(-1) : group.index);
  const rowsOf = (column: Column | undefined): PredictorRows => {
    const columns = new Map(base.columns);
    if (column !== undefined) columns.set(column.name, column);
    const { x, offset, z } = designRows(fitted, { ...base, columns }, basis, groups);
    return {
      rows: base.rows,
      x,
      ...(offset && { offset }),
      groups: groups.map((group) => {
        const slopes = z[model.groups.indexOf(group)];
        return { index: index(group), ...(slopes && { z: slopes }) };
      }),
    };
  };
  const sides = wanted.map(({ from, to }) => [rowsOf(from), rowsOf(to)] as const);
  const outcomes = outcomesOf(model);
  const sums = wanted.map(() => outcomes.map(() => new Float64Array(draws.draws)));
  const tables = distinctTables(sides);
  const predictors = tables.map((rows) => new LinearPredictor(own, draws, rows));
  const places = sides.map((pair) => pair.map((rows) => tables.findIndex((t) => same(t, rows))));
  const expected = tables.map(() => outcomes.map(() => new Float64Array(draws.draws)));
  const eta = new Float64Array(draws.draws);
  for (let row = 0; row < base.rows; row++) {
    const trials = at === "mean" ? 1 : (model.trials?.[row] ?? 1);
    predictors.forEach((predictor, t) => {
      predictor.row(row, eta);
      outcomes.forEach(({ value }, o) => {
        const out = expected[t]![o]!;
        for (let s = 0; s < out.length; s++) out[s] = value(eta[s]!, predictor.aux[s]!, trials);
      });
    });
    places.forEach(([from, to], c) => {
      outcomes.forEach((_, o) => {
        const sum = sums[c]![o]!;
        const before = expected[from!]![o]!;
        const after = expected[to!]![o]!;
        for (let s = 0; s < sum.length; s++) sum[s]! += after[s]! - before[s]!;
      });
    });
    if ((row + 1) % 200 === 0) onRows?.(row + 1, base.rows);
  }
  return wanted.flatMap(({ variable, contrast, divisor }, c) => {
    const ratio = divisor === 1 ? ratioOf(own, draws, sides[c]!, options) : undefined;
    return outcomes.map(({ name, unit }, o) => {
      const values = sums[c]![o]!.map((sum) => sum / base.rows / divisor);
      return {
        variable,
        contrast,
        outcome: name,
        unit,
        ...estimateOf(values, level),
        ...(o === 0 && ratio && { ratio }),
        draws: values,
      };
    });
  });
}

function outcomesOf({ family, response, categories }: Model): Outcome[] {
  const { mean } = familyOf(family);
  if (family === "bernoulli") return [{ name: `P(${response})`, unit: "probability points", value: mean }];
  if (categories === undefined)
    return [{ name: response, unit: family === "binomial" ? "successes" : response, value: mean }];
  const p = new Float64Array(categories.length);
  return [
    { name: `mean ${response}`, unit: "categories", value: mean },
    ...categories.map((category, k) => ({
      name: `P(${response} = ${category})`,
      unit: "probability points",
      value: (eta: number, aux: Float64Array) => {
        categoryProbabilities(eta, aux, p);
        return p[k]!;
      },
    })),
  ];
}

/** exp of the linear predictor's change, if that is one number a draw: the changes of x are the same in all rows. */
function ratioOf(
  model: Model,
  draws: DrawColumns,
  [from, to]: readonly [PredictorRows, PredictorRows],
  { level, logResponse = model.response.startsWith("log(") }: EffectOptions,
): AverageEffect["ratio"] {
  const logit = familyOf(model.family).link === "logit";
  if (!logit && !logResponse) return undefined;
  const p = model.predictors.length;
  const change = Float64Array.from({ length: p }, (_, k) => to.x[k]! - from.x[k]!);
  for (let i = 0; i < from.x.length; i++)
    if (Math.abs(to.x[i]! - from.x[i]! - change[i % p]!) > 1e-9 * (1 + Math.abs(to.x[i]!))) return undefined;
  // a group's slope of the variable differs from level to level
  if (from.groups.some(({ z }, g) => differ(z, to.groups[g]!.z))) return undefined;
  if (differ(from.offset, to.offset)) return undefined;
  const values = new Float64Array(draws.draws);
  model.predictors.forEach((name, k) => {
    if (change[k] === 0) return;
    const b = draws.column(`b_${name}`)!;
    for (let s = 0; s < values.length; s++) values[s]! += change[k]! * b[s]!;
  });
  const ratio = values.map(Math.exp);
  // the mean of a ratio is ruled by its tail; its median is the exponential of the coefficient's
  return { kind: logit ? "odds ratio" : "score ratio", ...estimateOf(ratio, level), estimate: median(ratio) };
}

const differ = (a: Float64Array | undefined, b: Float64Array | undefined): boolean =>
  a !== undefined && b !== undefined && a.some((value, i) => value !== b[i]);

/** Whether two tables give the same linear predictors. */
const same = (a: PredictorRows, b: PredictorRows): boolean =>
  a === b ||
  !(differ(a.x, b.x) || differ(a.offset, b.offset) || a.groups.some(({ z }, g) => differ(z, b.groups[g]!.z)));

/** The tables that differ: levels are compared with one reference, and the data as they are stand on many sides. */
function distinctTables(sides: readonly (readonly [PredictorRows, PredictorRows])[]): PredictorRows[] {
  const tables: PredictorRows[] = [];
  for (const rows of sides.flat()) if (!tables.some((table) => same(table, rows))) tables.push(rows);
  return tables;
}

/** One row: means of numbers, most frequent levels (the first of those that tie). */
function averageRow(frame: Frame): Frame {
  const columns = new Map<string, Column>();
  for (const [name, column] of frame.columns)
    columns.set(
      name,
      column.type === "factor"
        ? { ...column, codes: Int32Array.of(mostFrequent(column)) }
        : { type: "numeric", name, values: Float64Array.of(meanOf(column.values)) },
    );
  return { rows: 1, columns, source: frame.source };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function mostFrequent({ levels, codes }: FactorColumn): number {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return counts.indexOf(Math.max(...counts));
}
