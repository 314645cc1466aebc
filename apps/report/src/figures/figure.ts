/** How a coefficient is told: itself, the ratio exp(b), or the percent that 0.1 more of the attribute adds, (exp(0.1 b) - 1) x 100. */
export type Scale = "coefficient" | "ratio" | "percent";

export interface FigureOptions {
  /** Of the drawing, px. */
  readonly width: number;
  readonly scale: Scale;
  /** Mass of the intervals, one of `INTERVALS`. */
  readonly level: number;
  /** The chosen coefficients, by variable, and subsets; all where absent. */
  readonly variables?: readonly string[];
  readonly subsets?: readonly string[];
  /** In which elements are made; a browser's own where absent. */
  readonly document?: Document;
}

/** The numbers behind a figure, for those who do not see it. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A figure of a report: pure, from data to a drawing. */
export interface Figure {
  /** `1a`, `2h`, `moderation`: for links, file names and `bridgewise figures --only`. */
  readonly id: string;
  readonly page:
    | "findings"
    | "distributions"
    | "moderation"
    | "prompts"
    | "robustness"
    | "data"
    | "diagnostics";
  readonly title: string;
  /** A sentence made from the numbers: what to see, units, and the word for the interval. */
  caption(options: FigureOptions): string;
  /** Which scales make sense for it; more than one: the switch moves it. */
  readonly scales: readonly Scale[];
  /** With `SIMULATED` in the drawing where the data are. Colours: `currentColor` and those of style.ts. */
  draw(options: FigureOptions): SVGSVGElement;
  table(options: FigureOptions): FigureTable;
}
