import type { FamilyDefinition } from "./family.ts";
import { drawGamma } from "./gamma-draw.ts";
import { digamma, logGamma } from "./log-gamma.ts";
import { inverseLogit, log1pExp } from "./logistic.ts";

/** y between 0 and 1, Beta(mu phi, (1 - mu) phi) with mu = 1 / (1 + exp(-eta)); brms's `Beta`. */
export const beta: FamilyDefinition = {
  parameters: ["phi"],
  link: "logit",
  discrete: false,
  logLik(y, eta, aux) {
    const phi = aux[0]!;
    const a = inverseLogit(eta) * phi;
    const b = inverseLogit(-eta) * phi;
    return logGamma(phi) - logGamma(a) - logGamma(b) + (a - 1) * Math.log(y) + (b - 1) * Math.log1p(-y);
  },
  logLikAndSlopes(y, eta, aux, _trials, out) {
    const phi = aux[0]!;
    const mu = inverseLogit(eta);
    const nu = inverseLogit(-eta);
    const a = mu * phi;
    const b = nu * phi;
    const logY = Math.log(y);
    const logRest = Math.log1p(-y);
    const slopeA = logY - digamma(a);
    const slopeB = logRest - digamma(b);
    out[0] = mu * nu * phi * (slopeA - slopeB);
    out[1] = digamma(phi) + mu * slopeA + nu * slopeB;
    return logGamma(phi) - logGamma(a) - logGamma(b) + (a - 1) * logY + (b - 1) * logRest;
  },
  mean: (eta) => inverseLogit(eta),
  variance: (eta, aux) => Math.exp(-log1pExp(-eta) - log1pExp(eta)) / (1 + aux[0]!),
  draw: (eta, aux, _trials, random) => {
    const a = drawGamma(inverseLogit(eta) * aux[0]!, random);
    const b = drawGamma(inverseLogit(-eta) * aux[0]!, random);
    return a / (a + b);
  },
};
