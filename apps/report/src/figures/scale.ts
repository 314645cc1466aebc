import type { TenthEffect } from "@bridgewise/core";
import type { ReportRun } from "../report-data.ts";
import { responseOf, scaleName } from "../sentences.ts";
import type { Scale } from "./figure.ts";

/** A coefficient as a reader wants to see it: a monotone function of b, so that medians and quantiles stay what they are. */
export interface ScaleView {
  readonly scale: Scale;
  apply(b: number): number;
  /** Of b = 0. */
  readonly zero: number;
  readonly axis: "linear" | "log";
  readonly label: string;
  /** Decimals that a caption shows. */
  readonly digits: number;
  /** What a density of b is multiplied with to be one on the drawn axis (up to a constant): 1 / (d axis / d b). */
  jacobian(b: number): number;
}

/** What exp(b) is: odds or a ratio of scores; `difference` where it is neither. */
export function effectKind(run: ReportRun): TenthEffect["kind"] {
  if (scaleName(run.manifest.family).startsWith("log-odds")) return "odds ratio";
  return run.manifest.family === "gaussian" && /^log(_|\()/.test(responseOf(run))
    ? "score ratio"
    : "difference";
}

export const scalesOf = (kind: TenthEffect["kind"]): readonly Scale[] =>
  kind === "difference" ? ["coefficient"] : ["coefficient", "ratio", "percent"];

/** The wanted scale if it makes sense, else the coefficient itself. `unit`: what a coefficient is counted in. */
export function viewOf(wanted: Scale, kind: TenthEffect["kind"], unit: string): ScaleView {
  const scale = scalesOf(kind).includes(wanted) ? wanted : "coefficient";
  const what = kind === "odds ratio" ? "odds" : "score";
  switch (scale) {
    case "coefficient":
      return {
        ...{ scale, zero: 0, axis: "linear", digits: 2, label: unit },
        apply: (b) => b,
        jacobian: () => 1,
      };
    case "ratio":
      return {
        ...{ scale, zero: 1, axis: "log", digits: 2, label: `${kind} per unit, exp(b)` },
        apply: Math.exp,
        // even on the axis of logarithms
        jacobian: () => 1,
      };
    case "percent":
      return {
        ...{ scale, zero: 0, axis: "linear", digits: 1 },
        label: `percent change in ${what} for +0.1, (exp(0.1 b) \u2212 1) \u00d7 100`,
        apply: (b) => 100 * Math.expm1(0.1 * b),
        jacobian: (b) => Math.exp(-0.1 * b),
      };
  }
}

/** Unit of a run's coefficients. */
export const unitOf = (run: ReportRun): string => {
  const name = scaleName(run.manifest.family);
  const response = responseOf(run);
  return name === "its own units"
    ? name
    : name === "units of the response"
      ? `${response} per unit of the predictor`
      : `${name}${name === "log-odds" ? ` of ${response}` : ""} per unit of the predictor`;
};
