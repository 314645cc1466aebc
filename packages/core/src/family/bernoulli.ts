import type { FamilyDefinition } from "./family.ts";
import { inverseLogit, log1pExp } from "./logistic.ts";

/** y ~ Bernoulli(1 / (1 + exp(-eta))), y 0 or 1. */
export const bernoulli: FamilyDefinition = {
  parameters: [],
  link: "logit",
  discrete: true,
  logLik: (y, eta) => -log1pExp(y === 1 ? -eta : eta),
  logLikAndSlopes(y, eta, _aux, _trials, out) {
    out[0] = y - inverseLogit(eta);
    return -log1pExp(y === 1 ? -eta : eta);
  },
  mean: (eta) => inverseLogit(eta),
  variance: (eta) => inverseLogit(eta) * inverseLogit(-eta),
  draw: (eta, _aux, _trials, random) => (random.uniform() < inverseLogit(eta) ? 1 : 0),
};
