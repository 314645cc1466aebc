import { normalQuantile } from "@bridgewise/core";
import type { Interval } from "./correlation.ts";

/** Differences of B from A. */
export interface Differences {
  /** Mean of B - A, with a normal interval. */
  readonly mean: Interval;
  /** Standard deviation of B - A, with n - 1. */
  readonly sd: number;
  /** Limits of agreement: mean -+ 1.96 sd, between which 95% of differences lie if they are normal. */
  readonly limits: readonly [lower: number, upper: number];
}

/** Limits of agreement (Bland & Altman 1986, doi:10.1016/S0140-6736(86)90837-8) of a and b [n]. */
export function blandAltman(a: Float64Array, b: Float64Array, level: number): Differences {
  const n = a.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (b[i]! - a[i]!) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (b[i]! - a[i]! - mean) ** 2;
  const sd = Math.sqrt(squares / (n - 1));
  const half = normalQuantile((1 + level) / 2) * (sd / Math.sqrt(n));
  const wide = normalQuantile(0.975) * sd;
  return {
    mean: { estimate: mean, lower: mean - half, upper: mean + half },
    sd,
    limits: [mean - wide, mean + wide],
  };
}

/** Rows whose values of x lie in one part of its range. */
export interface QuantileGroup {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly number[];
}

/** At most `groups` groups of about as many rows by x [n], upwards; equal values stay together. */
export function quantileGroups(x: Float64Array, groups: number): QuantileGroup[] {
  const n = x.length;
  const order = Int32Array.from(x.keys()).sort((i, j) => x[i]! - x[j]!);
  const found = new Map<number, number[]>();
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && x[order[to]!] === x[order[from]!]) to++;
    const group = Math.floor((groups * (from + to)) / 2 / n);
    const rows = found.get(group) ?? [];
    for (; from < to; from++) rows.push(order[from]!);
    found.set(group, rows);
  }
  return [...found.values()].map((rows) => ({ from: x[rows[0]!]!, to: x[rows.at(-1)!]!, rows }));
}

/** A part of A's range: how B is on average where A is so. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly texts: number;
  readonly meanA: number;
  readonly meanB: number;
}

/** Mean of b in tenths of the texts by a. */
export function calibrationBins(a: Float64Array, b: Float64Array): CalibrationBin[] {
  return quantileGroups(a, 10).map(({ from, to, rows }) => ({
    ...{ from, to, texts: rows.length },
    meanA: meanOf(a, rows),
    meanB: meanOf(b, rows),
  }));
}

/** Texts of like length. */
export interface LengthGroup {
  /** Shortest and longest, in characters (UTF-16 units). */
  readonly from: number;
  readonly to: number;
  readonly texts: number;
  /** Mean of B - A. */
  readonly difference: Interval;
}

/** Mean difference in fifths of the texts by length [n]. */
export function lengthGroups(
  a: Float64Array,
  b: Float64Array,
  lengths: Float64Array,
  level: number,
): LengthGroup[] {
  return quantileGroups(lengths, 5).map(({ from, to, rows }) => {
    const pick = (x: Float64Array): Float64Array => Float64Array.from(rows, (i) => x[i]!);
    return { from, to, texts: rows.length, difference: blandAltman(pick(a), pick(b), level).mean };
  });
}

export function meanOf(x: Float64Array, rows: Iterable<number> = x.keys()): number {
  let sum = 0;
  let n = 0;
  for (const i of rows) {
    sum += x[i]!;
    n++;
  }
  return sum / n;
}
