import type { Family } from "../family/family.ts";
import type { DeclaredLevels } from "../model/declared-levels.ts";

/**
 * A plan: analyses as data. It is written in YAML (format `bridgewise-plan/1`), read by `parsePlan`, and expanded into fits by
 * `planFits`; everything in it is checked and complete.
 */
export interface Plan {
  /** Name of its file, for messages. */
  readonly file: string;
  readonly title: string;
  /** Whose analyses these are, as a reference. */
  readonly source: string | null;
  /** A file of published rows beside the plan, or null. */
  readonly published: string | null;
  /** New names for columns of the data, `{ new: old }`. */
  readonly columns: Readonly<Record<string, string>>;
  /** The order of text columns' levels, where the alphabet's is not meant. */
  readonly levels: DeclaredLevels;
  /** New columns, in order: each may use those before it. They are computed over all rows, before any subset is taken. */
  readonly derive: readonly DerivedColumn[];
  /** Named parts of the data: `all`, `unguided`, … */
  readonly subsets: readonly Subset[];
  readonly analyses: readonly PlannedAnalysis[];
  readonly comparisons: readonly PlannedComparison[];
  readonly sensitivity: readonly PlannedSensitivity[];
}

export interface DerivedColumn {
  readonly name: string;
  /** As in the plan: an expression of columns. */
  readonly expression: string;
  readonly line: number;
}

export interface Subset {
  readonly name: string;
  /** Conditions that all hold, such as `conversation_type == "unguided"`; none: every row. */
  readonly where: readonly string[];
}

/** `paper`: what the source did. `extra`: beyond it. `sensitivity`: only with --sensitivity. */
export type AnalysisRole = "paper" | "extra" | "sensitivity";

/**
 * What is varied in a fit to see how far its estimates hang on it: fits of their own, made by `planFits`, of which one for each level
 * can be made only when the data's levels are known.
 */
export interface PlannedSensitivity {
  readonly id: string;
  readonly title: string;
  /** Ids of the fits that are varied. */
  readonly of: readonly string[];
  readonly vary: SensitivityVariation;
  /** As in the plan. */
  readonly line: number;
}

export type SensitivityVariation =
  | { readonly kind: "priors"; readonly priors: readonly (readonly string[])[] }
  | { readonly kind: "leave-one-out"; readonly column: string }
  | {
      readonly kind: "noise";
      readonly columns: readonly string[];
      readonly sds: readonly number[];
      readonly seeds: readonly number[];
      /** Columns to be computed anew from the noisy ones. */
      readonly derive: readonly DerivedColumn[];
    };

/** One analysis: a family of fits that differ in their subset, or in what `each` replaces. */
export interface PlannedAnalysis {
  readonly id: string;
  readonly title: string;
  readonly role: AnalysisRole;
  readonly fits: readonly PlannedFit[];
}

/** One regression, all of it known. */
export interface PlannedFit {
  /** Unique; the name of its run folder: letters, digits, `-` and `_`. */
  readonly id: string;
  /** Of its formula in the plan. */
  readonly line: number;
  readonly analysis: string;
  readonly role: AnalysisRole;
  readonly label: string;
  /** Name of its subset; `all` where there is none. */
  readonly subset: string;
  readonly where: readonly string[];
  /** Columns that this fit alone computes, after the plan's and over all rows; one may replace a column of its own name. */
  readonly derive: readonly DerivedColumn[];
  /** The response where the analysis runs over several: analysis 3's `TOXICITY`; otherwise null. */
  readonly dv: string | null;
  readonly formula: string;
  readonly family: Family;
  readonly priors: readonly string[];
  readonly chains: number;
  readonly warmup: number;
  /** Draws of each chain. */
  readonly draws: number;
  readonly seed: number;
  readonly hypotheses: readonly PlannedHypothesis[];
  /** LOO is computed and kept as loo.json. */
  readonly loo: boolean;
  /** Posterior predictive checks are made and kept as checks.json. */
  readonly checks: boolean;
  /** Variance inflation factors of the fixed part are reported. */
  readonly vif: boolean;
  /** Where something is varied: what it is, and the fit that it is held against. */
  readonly variation: Variation | null;
}

export interface Variation {
  readonly kind: "priors" | "ties" | "leave-one-out" | "noise" | "other";
  /** In words, for tables: `without gpt-4`, `b ~ normal(0, 1)`, `noise of sd 0.05`. */
  readonly label: string;
  /** Id of the fit with nothing varied. */
  readonly base: string;
  /** The sd of the noise, the level left out; null where there is none. */
  readonly value: string | number | null;
}

/** A one-sided hypothesis of a coefficient. */
export interface PlannedHypothesis {
  /** As the published table names it. */
  readonly term: string;
  readonly direction: ">" | "<";
  /** As `hypothesis` takes it: `b_REASONING_NUANCE > 0`. */
  readonly hypothesis: string;
  /** The variable that it is about. */
  readonly variable: string;
  /** In the plan. */
  readonly line: number;
}

/** The difference in expected log predictive density of two fits. */
export interface PlannedComparison {
  readonly id: string;
  readonly title: string;
  /** Ids of fits; the difference is the first's elpd minus the second's. */
  readonly fits: readonly [string, string];
}
