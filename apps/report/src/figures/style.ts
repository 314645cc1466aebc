/** Okabe-Ito, in the order of the runs; the first is the text's own colour. A run has the same colour everywhere. */
const COLOURS = ["currentColor", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

export const colourOf = (i: number): string => COLOURS[i % COLOURS.length]!;

/** Below this width labels stand above their rows instead of beside them. */
export const NARROW = 560;

export const FONT =
  "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Below and above 0. */
export const NEGATIVE = "#D55E00";
export const POSITIVE = "#0072B2";
/** Simulated truth. */
export const TRUTH = "var(--truth, #b00020)";
/** What lies behind the drawing. */
export const PAPER = "var(--paper, white)";

/** Of text that lines may pass under. */
export const HALO = { fill: "currentColor", stroke: PAPER, strokeWidth: 3 } as const;
