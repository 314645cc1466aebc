import { familyOf } from "@bridgewise/core";
import { logScalePriorDensity, priorDensity } from "../density/prior.ts";
import type { GeneralRows } from "./general-rows.ts";

/** Largest step of a parameter's logarithm in one sweep. */
const LARGEST_STEP = 0.7;

function moments(y: Float64Array): { mean: number; variance: number } {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  return { mean, variance: y.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, y.length - 1) };
}

/** The family's parameters from the response alone, then thresholds from the categories' shares. */
export function firstAux({ y, rows, family, thresholds }: GeneralRows): Float64Array {
  const { mean, variance } = moments(y);
  const parameters = familyOf(family).parameters.map((name) => {
    if (name === "sigma") return Math.sqrt(0.5 * variance + 1e-20);
    return name === "nu" ? 10 : Math.max(1, (mean * (1 - mean)) / variance - 1);
  });
  const cuts: number[] = [];
  for (let k = 1; k <= thresholds; k++) {
    const below = y.reduce((count, category) => count + (category <= k ? 1 : 0), 0.5);
    cuts.push(Math.log(below / (rows + 1 - below)));
    if (k > 1) cuts[k - 1] = Math.max(cuts[k - 1]!, cuts[k - 2]! + 0.05);
  }
  return Float64Array.from([...parameters, ...cuts]);
}

/**
 * One step of the family's parameters: EM for sigma, `freedom` the degrees of freedom that went into eta; Newton's on the logarithm of
 * nu - 1 and phi.
 */
export function updateAux(problem: GeneralRows, eta: Float64Array, aux: Float64Array, freedom: number): void {
  const { rows, y, family, model } = problem;
  const { parameters } = familyOf(family);
  parameters.forEach((name, p) => {
    if (name === "sigma") {
      const sigma2 = aux[0]! ** 2;
      let squares = 0;
      for (let i = 0; i < rows; i++) {
        const d2 = (y[i]! - eta[i]!) ** 2;
        squares += family === "student_t" ? (d2 * (aux[1]! + 1)) / (aux[1]! + d2 / sigma2) : d2;
      }
      aux[0] = Math.sqrt(Math.max((squares + sigma2 * freedom) / rows, 1e-12 * sigma2 + 1e-300));
      return;
    }
    const floor = name === "nu" ? 1 : 0;
    const at = Math.log(aux[p]! - floor);
    const slopeAt = (l: number): number => {
      const trial = aux.slice();
      trial[p] = floor + Math.exp(l);
      const slopes = new Float64Array(1 + aux.length);
      let slope = 0;
      for (let i = 0; i < rows; i++) {
        familyOf(family).logLikAndSlopes(y[i]!, eta[i]!, trial, 1, slopes);
        slope += slopes[1 + p]! * Math.exp(l);
      }
      // the effects' fit makes residuals too small, as in EM for sigma
      if (name === "phi") return slope - 0.5 * freedom + logScalePriorDensity(model.priors.phi, l).slope;
      return slope + priorDensity(model.priors.nu, trial[p]!).slope * Math.exp(l) + 1;
    };
    const slope = slopeAt(at);
    const bend = (slopeAt(at + 0.05) - slope) / 0.05;
    const step = bend < 0 ? -slope / bend : Math.sign(slope) * LARGEST_STEP;
    aux[p] = floor + Math.exp(at + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step)));
  });
}
