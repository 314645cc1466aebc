import { betaQuantile } from "../posterior/beta.ts";
import { type IsotonicBlock, isotonicRegression } from "./isotonic.ts";

/** Rows with about the same predicted probability. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of 1. */
  readonly observed: number;
  /** 95% interval of the share: Beta(k + 1/2, n - k + 1/2) (Jeffreys). */
  readonly lower: number;
  readonly upper: number;
}

/** How predicted probabilities agree with binary responses. */
export interface Calibration {
  /** Of equal counts, by rising prediction. */
  readonly bins: readonly CalibrationBin[];
  /** Mean of (p - y)^2; 0 is perfect. */
  readonly brier: number;
  /** Mean of log p(y); 0 is perfect. */
  readonly log_score: number;
  /**
   * Reliability by isotonic regression and the Brier score's parts, brier = miscalibration - discrimination + uncertainty (CORP:
   * Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118).
   */
  readonly reliability: {
    readonly blocks: readonly IsotonicBlock[];
    readonly miscalibration: number;
    readonly discrimination: number;
    readonly uncertainty: number;
  };
}

const BINS = 10;

/** `p`: [rows] posterior mean probability of 1; `y`: [rows] 0 or 1. */
export function calibration(p: Float64Array, y: Float64Array): Calibration {
  const n = y.length;
  const order = Array.from(p.keys()).sort((a, b) => p[a]! - p[b]!);
  const count = Math.min(BINS, n);
  const bins = Array.from({ length: count }, (_, k) =>
    binOf(order.slice(Math.floor((k * n) / count), Math.floor(((k + 1) * n) / count)), p, y),
  );
  const brier = meanOver(n, (i) => (p[i]! - y[i]!) ** 2);
  const blocks = isotonicRegression(p, y);
  const share = meanOver(n, (i) => y[i]!);
  const uncertainty = share * (1 - share);
  // of binary outcomes in a block with mean v the mean of (v - y)^2 is v (1 - v)
  const recalibrated = blocks.reduce((sum, { rows, value }) => sum + rows * value * (1 - value), 0) / n;
  return {
    bins,
    brier,
    log_score: meanOver(n, (i) => Math.log(y[i] === 1 ? p[i]! : 1 - p[i]!)),
    reliability: {
      blocks,
      miscalibration: brier - recalibrated,
      discrimination: uncertainty - recalibrated,
      uncertainty,
    },
  };
}

function binOf(rows: readonly number[], p: Float64Array, y: Float64Array): CalibrationBin {
  const n = rows.length;
  let ones = 0;
  let predicted = 0;
  for (const i of rows) {
    ones += y[i]!;
    predicted += p[i]! / n;
  }
  return {
    rows: n,
    predicted,
    observed: ones / n,
    lower: betaQuantile(0.025, ones + 0.5, n - ones + 0.5),
    upper: betaQuantile(0.975, ones + 0.5, n - ones + 0.5),
  };
}

function meanOver(n: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += of(i);
  return sum / n;
}
