import type { FamilyDefinition } from "./family.ts";

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** y ~ Normal(eta, sigma). */
export const gaussian: FamilyDefinition = {
  parameters: ["sigma"],
  link: "identity",
  discrete: false,
  logLik(y, eta, aux) {
    const d = (y - eta) / aux[0]!;
    return -0.5 * d * d - Math.log(aux[0]!) - HALF_LOG_TWO_PI;
  },
  logLikAndSlopes(y, eta, aux, _trials, out) {
    const sigma = aux[0]!;
    const d = (y - eta) / sigma;
    out[0] = d / sigma;
    out[1] = (d * d - 1) / sigma;
    return -0.5 * d * d - Math.log(sigma) - HALF_LOG_TWO_PI;
  },
  mean: (eta) => eta,
  variance: (_eta, aux) => aux[0]! ** 2,
  draw: (eta, aux, _trials, random) => eta + aux[0]! * random.normal(),
};
