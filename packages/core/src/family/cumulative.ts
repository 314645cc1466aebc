import type { FamilyDefinition } from "./family.ts";
import { inverseLogit, log1pExp } from "./logistic.ts";

/** log(exp(a) - exp(b)) of a > b for logistic CDFs: log(F(upper) - F(lower)), exact in both tails. */
function logBetween(lower: number, upper: number): number {
  // F(u) - F(l) = (1 - exp(l - u)) F(u) F(-l)
  return Math.log(-Math.expm1(lower - upper)) - log1pExp(-upper) - log1pExp(lower);
}

/**
 * Ordered categories y = 1 … K: P(y <= k) = 1 / (1 + exp(-(threshold_k - eta))), thresholds aux[0] < … < aux[K - 2];
 * brms's `cumulative("logit")` (Bürkner & Vuorre 2019, doi:10.1177/2515245918823199).
 */
export const cumulative: FamilyDefinition = {
  parameters: [],
  link: "logit",
  discrete: true,
  logLik(y, eta, aux) {
    const last = aux.length;
    if (y === 1) return -log1pExp(eta - aux[0]!);
    if (y === last + 1) return -log1pExp(aux[last - 1]! - eta);
    return logBetween(aux[y - 2]! - eta, aux[y - 1]! - eta);
  },
  logLikAndSlopes(y, eta, aux, _trials, out) {
    const last = aux.length;
    out.fill(0, 0, last + 1);
    if (y === 1) {
      const slope = inverseLogit(eta - aux[0]!);
      out[0] = -slope;
      out[1] = slope;
      return -log1pExp(eta - aux[0]!);
    }
    if (y === last + 1) {
      const slope = inverseLogit(aux[last - 1]! - eta);
      out[0] = slope;
      out[last] = -slope;
      return -log1pExp(aux[last - 1]! - eta);
    }
    const lower = aux[y - 2]! - eta;
    const upper = aux[y - 1]! - eta;
    // d/du log(1 - exp(l - u)) = 1 / (exp(u - l) - 1)
    const gap = 1 / Math.expm1(upper - lower);
    const up = gap + inverseLogit(-upper);
    const down = -gap - inverseLogit(lower);
    out[0] = -(up + down);
    out[y - 1] = down;
    out[y] = up;
    return logBetween(lower, upper);
  },
  mean(eta, aux) {
    let mean = 1;
    for (let k = 0; k < aux.length; k++) mean += inverseLogit(eta - aux[k]!);
    return mean;
  },
  variance(eta, aux) {
    // E (y - 1)^2 = sum_k (2 k + 1) P(y - 1 > k)
    let first = 0;
    let second = 0;
    for (let k = 0; k < aux.length; k++) {
      const above = inverseLogit(eta - aux[k]!);
      first += above;
      second += (2 * k + 1) * above;
    }
    return second - first * first;
  },
  draw(eta, aux, _trials, random) {
    const u = random.uniform();
    let y = 1;
    for (let k = 0; k < aux.length; k++) if (u >= inverseLogit(aux[k]! - eta)) y++;
    return y;
  },
};

/** P(y = k), k = 1 … K, into out [K]. */
export function categoryProbabilities(eta: number, thresholds: ArrayLike<number>, out: Float64Array): void {
  let below = 0;
  for (let k = 0; k < thresholds.length; k++) {
    const upTo = inverseLogit(thresholds[k]! - eta);
    out[k] = upTo - below;
    below = upTo;
  }
  out[thresholds.length] = 1 - below;
}
