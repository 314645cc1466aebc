import type { Family } from "../family/family.ts";
import type { AnalysisRole, Variation } from "./plan.ts";

/** tables.json: every hypothesis of a plan beside its published row. A contract: other programs read it. */
export interface PlanTables {
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly analysis: string;
  /** Name of the subset, spelled as in the published tables: `all`, `unguided`, `value guided`, `controversy guided`. */
  readonly conversation_type: string;
  /** The response of analyses that run over several; otherwise null. */
  readonly dv: string | null;
  readonly term: string;
  readonly direction: ">" | "<";
  readonly published: PublishedRow | null;
  readonly ours: Estimated;
  /** Id of the fit; its folder is runs/ID. */
  readonly fit: string;
  readonly variable: string;
  /** (ours - published) / sqrt(ours.est_error^2 + published.est_error^2); null where nothing is published. */
  readonly difference_se: number | null;
  /** Why a row that differs by more than 3 may differ, in words; null elsewhere. */
  readonly explanation: string | null;
  /** What 0.1 more of the attribute does. */
  readonly plus_tenth: TenthEffect;
}

/** A one-sided hypothesis as brms prints it: mean, sd, 90% interval. */
export interface Estimated {
  readonly estimate: number;
  readonly est_error: number;
  readonly ci_lower: number;
  readonly ci_upper: number;
  /** `"Inf"` where all draws agree, null where it is not defined; see `draws`. */
  readonly evidence_ratio: number | "Inf" | null;
  readonly post_prob: number;
  /** `*` above 100, `†` above 10, else empty: PAPER's marks. */
  readonly star: "*" | "†" | "";
  /** Number of draws, which an infinite ratio is at least. */
  readonly draws: number;
}

/** As published; `evidence_ratio` null: all draws agree. */
export interface PublishedRow {
  readonly term: string;
  readonly direction: ">" | "<";
  readonly estimate: number;
  readonly est_error: number;
  readonly ci_lower: number;
  readonly ci_upper: number;
  readonly evidence_ratio: number | null;
  readonly post_prob: number;
  readonly star: string;
  readonly analysis: string;
  readonly conversation_type?: string;
  readonly dv?: string;
}

/** exp(0.1 b), an odds ratio (logit link) or a ratio of scores (log response); null `ratio` where neither fits. */
export interface TenthEffect {
  readonly kind: "odds ratio" | "score ratio" | "difference";
  /** Mean of exp(0.1 b) over draws and its 90% interval; for `difference`, of 0.1 b. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
  /** PAPER's reading, (exp(b) - 1) x 10, in percent, of the mean of b. */
  readonly paper_percent: number | null;
}

/** results.json (`bridgewise-results/1`): what a plan found; the report is built from it and the run folders. */
export interface PlanResults {
  readonly format: "bridgewise-results/1";
  readonly bridgewise: string;
  readonly title: string;
  readonly source: string | null;
  /** Name of the plan's file and its SHA-256; the text itself is kept as plan.yaml. */
  readonly plan: { readonly file: string; readonly sha256: string };
  readonly simulated: boolean;
  readonly fits: readonly PlanFitResult[];
  readonly skipped: readonly { readonly id: string; readonly analysis: string; readonly reason: string }[];
  readonly rows: readonly TableRow[];
  readonly comparisons: readonly ElpdComparison[];
  readonly vifs: readonly { readonly fit: string; readonly term: string; readonly vif: number }[];
  readonly multiplicity: Multiplicity;
  readonly sensitivity: readonly SensitivityRow[];
  /** Where the data are simulated: recovery of the true values. */
  readonly recovery: { readonly inside: number; readonly count: number } | null;
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
}

export interface PlanFitResult {
  readonly id: string;
  readonly analysis: string;
  /** Title of its analysis. */
  readonly title: string;
  readonly role: AnalysisRole;
  readonly label: string;
  readonly subset: string;
  readonly dv: string | null;
  readonly formula: string;
  readonly family: Family;
  /** As seen from results.json: `runs/1a-all`. */
  readonly run: string;
  readonly rows: number;
  /** Of the fit itself, from reading to the summary; of a cached fit, when it was made. */
  readonly seconds: number;
  readonly cached: boolean;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly variation: Variation | null;
}

export interface ElpdComparison {
  readonly id: string;
  readonly title: string;
  readonly fits: readonly [string, string];
  /** elpd of the first minus that of the second. */
  readonly elpd_diff: number;
  readonly se_diff: number;
  readonly published: { readonly elpd_diff: number; readonly se_diff: number } | null;
  readonly caveats: readonly string[];
}

/** Said plainly: how many hypotheses, and how many of them chance alone would mark. */
export interface Multiplicity {
  readonly hypotheses: number;
  /** Marked `*` (ratio above 100), and `†` (above 10, at most 100). */
  readonly starred: number;
  readonly daggered: number;
  /** If every coefficient were 0: hypotheses x 1/101, and x 1/11. */
  readonly starred_by_chance: number;
  readonly marked_by_chance: number;
  /** Sum of 1 - post_prob over starred rows: how many of them are expected to be wrong in their sign, by the posterior itself. */
  readonly expected_sign_errors: number;
}

/** A main estimate when something is varied. */
export interface SensitivityRow {
  readonly fit: string;
  readonly analysis: string;
  readonly variation: Variation;
  readonly term: string;
  readonly variable: string;
  readonly ours: Omit<Estimated, "draws">;
  readonly base: { readonly estimate: number; readonly est_error: number };
  /** Of noise: estimate / base estimate; null elsewhere. */
  readonly attenuation: number | null;
}
