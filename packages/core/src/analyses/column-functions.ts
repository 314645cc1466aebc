import type { FactorColumn } from "../frame/frame.ts";
import { randomStream } from "../simulate/random.ts";

/** What a column function is computed from: rows without missing values. */
export interface ColumnArguments {
  /** [arguments][rows used] numbers; a constant in every row. */
  readonly numbers: (argument: number) => Float64Array;
  /** [rows used] a factor's codes; equal numbers have equal codes. */
  readonly groups: (argument: number) => FactorColumn;
  /** The argument as written. */
  readonly label: (argument: number) => string;
  /** [rows used] index of each in the whole table. */
  readonly kept: Int32Array;
  /** Rows of the whole table. */
  readonly rows: number;
  readonly fail: (argument: number, message: string) => never;
}

/** A function of whole columns: what a row gets depends on other rows too. */
export interface ColumnFunction {
  readonly parameters: readonly string[];
  /** Parameters that are numbers written out. */
  readonly constants: readonly string[];
  /** [rows used] */
  readonly compute: (args: ColumnArguments) => Float64Array;
}

/** By name, as plans call them. */
export const COLUMN_FUNCTIONS: ReadonlyMap<string, ColumnFunction> = new Map([
  ["detrend", { parameters: ["x", "y"], constants: [], compute: detrend }],
  ["group_max", { parameters: ["x", "g"], constants: [], compute: (args) => byGroup(args, Math.max) }],
  ["group_min", { parameters: ["x", "g"], constants: [], compute: (args) => byGroup(args, Math.min) }],
  ["group_mean", { parameters: ["x", "g"], constants: [], compute: groupMean }],
  ["noise", { parameters: ["x", "sd", "seed"], constants: ["sd", "seed"], compute: noise }],
]);

/**
 * x without its linear trend in y: the residuals of the least-squares line of x on y, with the mean of x added back, so that the column
 * keeps the place of x. It has no correlation with y.
 */
function detrend({ numbers, label, fail }: ColumnArguments): Float64Array {
  const x = numbers(0);
  const y = numbers(1);
  const meanY = meanOf(y);
  const meanX = meanOf(x);
  let xy = 0;
  let yy = 0;
  for (let row = 0; row < x.length; row++) {
    xy += (x[row]! - meanX) * (y[row]! - meanY);
    yy += (y[row]! - meanY) ** 2;
  }
  if (!(yy > 0)) fail(1, `${label(1)} is ${y[0]} in every row: there is no trend to take out`);
  const slope = xy / yy;
  return x.map((value, row) => value - slope * (y[row]! - meanY));
}

/** Of x over the rows of each group, in every row of the group. */
function byGroup(
  { numbers, groups }: ColumnArguments,
  choose: (a: number, b: number) => number,
): Float64Array {
  const x = numbers(0);
  const { codes, levels } = groups(1);
  const chosen = new Float64Array(levels.length).fill(Number.NaN);
  for (let row = 0; row < x.length; row++) {
    const code = codes[row]!;
    chosen[code] = Number.isNaN(chosen[code]!) ? x[row]! : choose(chosen[code]!, x[row]!);
  }
  return x.map((_, row) => chosen[codes[row]!]!);
}

function groupMean({ numbers, groups }: ColumnArguments): Float64Array {
  const x = numbers(0);
  const { codes, levels } = groups(1);
  const sums = new Float64Array(levels.length);
  const counts = new Float64Array(levels.length);
  for (let row = 0; row < x.length; row++) {
    sums[codes[row]!]! += x[row]!;
    counts[codes[row]!]!++;
  }
  return x.map((_, row) => sums[codes[row]!]! / counts[codes[row]!]!);
}

/**
 * x with independent normal noise of the given sd. A row's noise depends on the seed, on x as it is written, and on the row's place in
 * the whole table: rows that are left out elsewhere do not change it, and columns have noise of their own.
 */
function noise({ numbers, label, kept, rows, fail }: ColumnArguments): Float64Array {
  const x = numbers(0);
  const sd = numbers(1)[0]!;
  const seed = numbers(2)[0]!;
  if (!(sd >= 0)) fail(1, `the sd of noise() is ${sd}; it is at least 0`);
  if (!Number.isSafeInteger(seed)) fail(2, `the seed of noise() is ${seed}; it is a whole number`);
  const random = randomStream(seed, `noise ${label(0)}`);
  const all = Float64Array.from({ length: rows }, () => random.normal());
  return x.map((value, row) => value + sd * all[kept[row]!]!);
}

const meanOf = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
