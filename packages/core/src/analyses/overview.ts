/** overview.json (`bridgewise-overview/1`): what the data are, for the report's figures; nothing in it depends on a fit. */
export interface DataOverview {
  readonly format: "bridgewise-overview/1";
  readonly simulated: boolean;
  readonly rows: number;
  /** One for each attribute, of responses and of prompts (`_human`). */
  readonly attributes: readonly AttributeDistribution[];
  /** Correlations of the attributes over responses, [names][names]. */
  readonly correlations: {
    readonly names: readonly string[];
    readonly matrix: readonly (readonly number[])[];
  };
  /** Who the raters are; empty where nothing is known of them. */
  readonly raters: readonly {
    readonly question: string;
    readonly counts: readonly { readonly answer: string; readonly users: number }[];
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly responses: number;
    readonly mean_score: number | null;
    /** Share of its responses that were chosen. */
    readonly chosen: number | null;
  }[];
}

export interface AttributeDistribution {
  readonly name: string;
  readonly parts: readonly DistributionPart[];
}

/** An attribute in one subset, `all` first. */
export interface DistributionPart {
  readonly subset: string;
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  /** 5, 25, 50, 75, 95%. */
  readonly quantiles: readonly number[];
  /** Counts in equal bins from `from` to `to`. */
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
}
