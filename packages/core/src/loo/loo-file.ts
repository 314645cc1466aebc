import { count, finite, list, literal, nullable, object, record, type Shape, text } from "../run/shape.ts";
import type { Estimate } from "./estimate.ts";

/** loo.json: PSIS-LOO of a run. Infinite and undefined figures are null. */
export interface LooFile {
  readonly format: "bridgewise-loo/1";
  readonly label: string;
  readonly formula: string;
  readonly family: string;
  /** The run's hash, see `runHash`; null for runs without one. */
  readonly run: string | null;
  /** Rule of the relative efficiencies; all else is loo 2.10.1's. */
  readonly r_eff_rule: "split" | "unsplit";
  readonly data: { readonly sha256: string; readonly y: string };
  readonly rows: number;
  readonly draws: number;
  readonly chains: number;
  readonly elpd_loo: Estimate;
  readonly p_loo: Estimate;
  readonly looic: Estimate;
  /** Monte Carlo standard error of elpd_loo; null where some k is above the threshold. */
  readonly mcse_elpd_loo: number | null;
  /** Observations by Pareto k: up to the threshold, up to 1, above. */
  readonly k: {
    readonly threshold: number;
    readonly good: number;
    readonly bad: number;
    readonly very_bad: number;
  };
  readonly waic: {
    readonly elpd_waic: Estimate;
    readonly p_waic: Estimate;
    readonly waic: Estimate;
  } | null;
  /** Lines of the observations whose elpd comes from a fit without them. */
  readonly refitted: readonly number[];
  readonly warnings: readonly string[];
  /** All [rows]. `k` of an observation that was refitted is 0; `influence` keeps its Pareto k. */
  readonly pointwise: {
    /** In the data file, from 1. */
    readonly line: readonly number[];
    readonly elpd: readonly number[];
    readonly k: readonly (number | null)[];
    readonly p: readonly number[];
    readonly influence: readonly (number | null)[];
    readonly mcse: readonly (number | null)[];
    readonly n_eff: readonly (number | null)[];
  };
}

/** kfold.json: K-fold cross-validation of a run. */
export interface KfoldFile {
  readonly format: "bridgewise-kfold/1";
  readonly label: string;
  readonly formula: string;
  readonly family: string;
  readonly run: string | null;
  readonly data: { readonly sha256: string; readonly y: string };
  readonly rows: number;
  readonly draws: number;
  readonly folds: {
    readonly k: number;
    readonly seed: number;
    readonly by: string | null;
    readonly stratify: string | null;
  };
  readonly elpd_kfold: Estimate;
  readonly p_kfold: Estimate;
  /** -2 elpd_kfold. */
  readonly kfoldic: Estimate;
  /** All [rows]; folds count from 1. */
  readonly pointwise: {
    /** In the data file, from 1. */
    readonly line: readonly number[];
    readonly fold: readonly number[];
    readonly elpd: readonly number[];
    readonly p: readonly number[];
  };
}

const estimate = object<Estimate>({ estimate: finite, se: finite });
const data = object<LooFile["data"]>({ sha256: text, y: text });
const numbers = list(finite);

export const looFileShape: Shape<LooFile> = object<LooFile>({
  format: literal("bridgewise-loo/1"),
  label: text,
  formula: text,
  family: text,
  run: nullable(text),
  r_eff_rule: text as Shape<LooFile["r_eff_rule"]>,
  data,
  rows: count,
  draws: count,
  chains: count,
  elpd_loo: estimate,
  p_loo: estimate,
  looic: estimate,
  mcse_elpd_loo: nullable(finite),
  k: object<LooFile["k"]>({ threshold: finite, good: count, bad: count, very_bad: count }),
  waic: nullable(
    object<NonNullable<LooFile["waic"]>>({ elpd_waic: estimate, p_waic: estimate, waic: estimate }),
  ),
  refitted: numbers,
  warnings: list(text),
  pointwise: object<LooFile["pointwise"]>({
    line: numbers,
    elpd: numbers,
    k: list(nullable(finite)),
    p: numbers,
    influence: list(nullable(finite)),
    mcse: list(nullable(finite)),
    n_eff: list(nullable(finite)),
  }),
});

export const kfoldFileShape: Shape<KfoldFile> = object<KfoldFile>({
  format: literal("bridgewise-kfold/1"),
  label: text,
  formula: text,
  family: text,
  run: nullable(text),
  data,
  rows: count,
  draws: count,
  folds: object<KfoldFile["folds"]>({ k: count, seed: count, by: nullable(text), stratify: nullable(text) }),
  elpd_kfold: estimate,
  p_kfold: estimate,
  kfoldic: estimate,
  pointwise: object<KfoldFile["pointwise"]>({ line: numbers, fold: numbers, elpd: numbers, p: numbers }),
});

/** Log densities of the same fits of the same held-out rows, kept until all are there: fold or line, then [rows held]. */
export interface RefitsFile {
  readonly format: "bridgewise-refits/1";
  /** All that decides them. */
  readonly key: string;
  readonly done: Readonly<Record<string, readonly number[]>>;
}

export const refitsFileShape: Shape<RefitsFile> = object<RefitsFile>({
  format: literal("bridgewise-refits/1"),
  key: text,
  done: record(numbers),
});
