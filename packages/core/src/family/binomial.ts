import type { FamilyDefinition } from "./family.ts";
import { logGamma } from "./log-gamma.ts";
import { inverseLogit, log1pExp } from "./logistic.ts";

const logChoose = (n: number, k: number): number =>
  k === 0 || k === n ? 0 : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

const logLik = (y: number, eta: number, trials: number): number =>
  logChoose(trials, y) - y * log1pExp(-eta) - (trials - y) * log1pExp(eta);

/** y of `trials` successes, each with probability 1 / (1 + exp(-eta)). */
export const binomial: FamilyDefinition = {
  parameters: [],
  link: "logit",
  discrete: true,
  logLik: (y, eta, _aux, trials) => logLik(y, eta, trials),
  logLikAndSlopes(y, eta, _aux, trials, out) {
    out[0] = y - trials * inverseLogit(eta);
    return logLik(y, eta, trials);
  },
  mean: (eta, _aux, trials) => trials * inverseLogit(eta),
  variance: (eta, _aux, trials) => trials * inverseLogit(eta) * inverseLogit(-eta),
  draw: (eta, _aux, trials, random) => {
    const p = inverseLogit(eta);
    let y = 0;
    for (let t = 0; t < trials; t++) if (random.uniform() < p) y++;
    return y;
  },
};
