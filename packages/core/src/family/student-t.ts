import type { FamilyDefinition } from "./family.ts";
import { drawGamma } from "./gamma-draw.ts";
import { digammaHalfStep, logGammaHalfStep } from "./log-gamma.ts";

/** (nu, its constant and the slope of that in nu) of the latest call: nu is the same for all rows of a draw. */
let known = Number.NaN;
let constant = 0;
let constantSlope = 0;

/** log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu pi) / 2 */
function constantOf(nu: number): number {
  if (nu !== known) {
    known = nu;
    constant = logGammaHalfStep(nu / 2) - 0.5 * Math.log(nu * Math.PI);
    constantSlope = 0.5 * (digammaHalfStep(nu / 2) - 1 / nu);
  }
  return constant;
}

/** y ~ Student t(nu, eta, sigma): heavy tails; brms's `student`. */
export const studentT: FamilyDefinition = {
  parameters: ["sigma", "nu"],
  link: "identity",
  discrete: false,
  logLik(y, eta, aux) {
    const [sigma, nu] = [aux[0]!, aux[1]!];
    const d = (y - eta) / sigma;
    return constantOf(nu) - Math.log(sigma) - 0.5 * (nu + 1) * Math.log1p((d * d) / nu);
  },
  logLikAndSlopes(y, eta, aux, _trials, out) {
    const sigma = aux[0]!;
    const nu = aux[1]!;
    const d = (y - eta) / sigma;
    const square = d * d;
    const log = Math.log1p(square / nu);
    const weight = (nu + 1) / (nu + square);
    const value = constantOf(nu) - Math.log(sigma) - 0.5 * (nu + 1) * log;
    out[0] = (weight * d) / sigma;
    out[1] = (weight * square - 1) / sigma;
    out[2] = constantSlope - 0.5 * log + (0.5 * weight * square) / nu;
    return value;
  },
  mean: (eta, aux) => (aux[1]! > 1 ? eta : Number.NaN),
  variance: (_eta, aux) =>
    aux[1]! > 2 ? (aux[0]! ** 2 * aux[1]!) / (aux[1]! - 2) : aux[1]! > 1 ? Infinity : Number.NaN,
  draw: (eta, aux, _trials, random) => {
    const nu = aux[1]!;
    return eta + (aux[0]! * random.normal()) / Math.sqrt((2 * drawGamma(nu / 2, random)) / nu);
  },
};
