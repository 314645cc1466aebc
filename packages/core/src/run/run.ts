/**
 * A run folder: `manifest.json`, `summary.json`, `diagnostics.json`, `draws.arrow` (written by `bridgewise fit`, read by the report).
 */
export interface VariableSummary {
  /** These six are null only where a draw is missing or infinite. */
  readonly mean: number | null;
  readonly median: number | null;
  readonly sd: number | null;
  readonly mad: number | null;
  readonly q5: number | null;
  readonly q95: number | null;
  /** null where it is not defined (constant draws). */
  readonly rhat: number | null;
  readonly ess_bulk: number | null;
  readonly ess_tail: number | null;
  readonly mcse_mean: number | null;
}

export interface RunSeconds {
  /** Reading the data, building the model, compiling the engine. */
  readonly setup: number;
  readonly warmup: number;
  readonly sampling: number;
  /** The three before. A fit that was interrupted adds up what was spent on it each time. */
  readonly total: number;
  /** Reading the draws and summarising them, which `total` leaves out. */
  readonly summary?: number;
}

/** summary.json: a contract, other programs read it. */
export interface RunSummary {
  readonly variables: Readonly<Record<string, VariableSummary>>;
  readonly seconds: RunSeconds;
  readonly engine: string;
  readonly chains: number;
  /** Warm-up iterations that were run, in each chain. */
  readonly warmup: number;
  /** Draws kept in each chain. */
  readonly draws: number;
  readonly divergences: number;
}

/** manifest.json: all that is needed to run the fit again. */
export interface RunManifest {
  readonly format: "bridgewise-run/1";
  readonly bridgewise: string;
  /** A short label for tables and figures, such as the subset's name. */
  readonly label: string;
  readonly formula: string;
  readonly family: string;
  readonly data: {
    readonly file: string;
    readonly sha256: string;
    readonly rows: number;
    readonly rows_used: number;
    /** Where the file was, as seen from the run folder. */
    readonly path?: string;
    /** Only the rows with this value of this column were read. */
    readonly where?: readonly [column: string, value: string];
    /** [new, old] names of columns. */
    readonly rename?: readonly (readonly [string, string])[];
    /** Columns made from others before rows were chosen: [name, expression], as a plan says. */
    readonly derive?: readonly (readonly [name: string, expression: string])[];
    /** Only rows where all of these hold were read, as a plan says. */
    readonly conditions?: readonly string[];
    /** The declared order of text columns' levels. */
    readonly levels?: Readonly<Record<string, readonly string[]>>;
  };
  /** True where the data were simulated: the report says SIMULATED on every page. */
  readonly simulated: boolean;
  /** True values of parameters, where the data were simulated. */
  readonly truth?: Readonly<Record<string, number>>;
  /** Every prior in force, as text: `b_x`: `normal(0, 1e6)`. */
  readonly priors: Readonly<Record<string, string>>;
  /** What was said of priors: `b ~ normal(0, 1)`. */
  readonly prior_statements?: readonly string[];
  /** Where a factor is coded otherwise: the contrasts of each factor. */
  readonly contrasts?: Readonly<Record<string, string>>;
  /** True where the prior alone was sampled: the data count for nothing. */
  readonly prior_only?: boolean;
  readonly groups: readonly { readonly name: string; readonly levels: number }[];
  readonly chains: number;
  readonly warmup: number;
  /** Draws kept in each chain. */
  readonly draws: number;
  readonly seed: number;
  readonly threads: number;
  readonly engine: string;
  readonly precision?: string;
  readonly parametrisation?: string;
  readonly density: string;
  /** What a person should know about the model: rows that were left out, and why. */
  readonly notes?: readonly string[];
  /** Where the draws are another program's (`bridgewise import`): nothing is known of its data, so `data` is the first of its files, with no rows. */
  readonly imported?: ImportedDraws;
  /** Of all that decides the draws, see `runHash`: the same hash, the same draws. */
  readonly hash?: string;
  readonly node: string;
  readonly created: string;
}

/** Another program's files of draws. */
export interface ImportedDraws {
  readonly format: string;
  /** Names and SHA-256 of the files, in the order of the chains. */
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
  /** The sampler's columns that the files had, such as `divergent__`: without that one, divergences are not known and 0 in summaries. */
  readonly sampler: readonly string[];
}

/** diagnostics.json */
export interface RunDiagnostics {
  readonly divergences: number;
  /** Step angle after warm-up (radians) and mean acceptance in sampling; of imported draws that program's step size, or null where its files do not tell. */
  readonly step_size: number | null;
  readonly acceptance: number | null;
  readonly gradients_per_draw: number | null;
  /** Of each chain: estimated Bayesian fraction of missing information. Absent where the engine does not tell energies. */
  readonly ebfmi?: readonly number[];
  /** Variables with the largest R-hat and the smallest ESS. */
  readonly max_rhat: { readonly variable: string; readonly value: number } | null;
  readonly min_ess_bulk: { readonly variable: string; readonly value: number } | null;
  readonly min_ess_tail: { readonly variable: string; readonly value: number } | null;
  /** Plain sentences, each with the way out; empty where nothing is wrong. */
  readonly warnings: readonly string[];
}

/** flow.json of `prism table`: what was kept and dropped, step by step. */
export interface Flow {
  readonly steps: readonly FlowStep[];
  readonly notes: readonly string[];
}

export interface FlowStep {
  readonly step: string;
  /** Why rows were dropped, in words. */
  readonly reason: string;
  readonly users: number;
  readonly conversations: number;
  readonly responses: number;
  /** Dropped at this step. */
  readonly dropped: { readonly users: number; readonly conversations: number; readonly responses: number };
  /** PAPER's counts after this step, where it gives them. */
  readonly paper?: { readonly users?: number; readonly conversations?: number; readonly responses?: number };
}
