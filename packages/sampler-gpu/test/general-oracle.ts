import { familyOf, type Prior } from "@bridgewise/core";
import { priorDensity } from "../src/density/prior.ts";
import type { GeneralLayout } from "../src/general/general-layout.ts";
import type { GeneralProblem } from "../src/general/general-problem.ts";
import type { GeneralReference } from "../src/general/general-reference.ts";
import { choleskyInPlace, inverse } from "../src/linear/cholesky.ts";

const logDet = (matrix: Float64Array, n: number): number => {
  const l = matrix.slice();
  if (!choleskyInPlace(l, n)) return Number.NaN;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += 2 * Math.log(l[k * n + k]!);
  return sum;
};

/** Correlation matrix of partial correlations tanh y, by the recursion for partial correlations given all earlier variables. */
function correlationMatrix(q: number, y: (i: number, j: number) => number): number[][] {
  // r_ij from canonical partial correlations p_ij = r_{ij; 0 … j - 1}: r_{ij; 0 … k - 1} from r_{ij; 0 … k}
  const p = (i: number, j: number): number => Math.tanh(y(Math.max(i, j), Math.min(i, j)));
  const r = Array.from({ length: q }, (_, i) =>
    Array.from({ length: q }, (_, j): number => (i === j ? 1 : 0)),
  );
  for (let i = 0; i < q; i++)
    for (let j = 0; j < i; j++) {
      let value = p(i, j);
      for (let k = j - 1; k >= 0; k--)
        value = value * Math.sqrt((1 - p(i, k) ** 2) * (1 - p(j, k) ** 2)) + p(i, k) * p(j, k);
      r[i]![j] = value;
      r[j]![i] = value;
    }
  return r;
}

/**
 * The log density that the engine should have at (theta, effects), written straight from the model's definition with core's row functions: the
 * joint density, the Jacobians of the coordinates and of the transport. `effects(t, j, a)`: term, level, coefficient.
 */
export function generalOracle(
  problem: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  effects: (t: number, j: number, a: number) => number,
  { transports }: GeneralReference,
): number {
  const { model, terms, x, columns, rows, y, trials, offset, scales } = problem;
  const { priors } = model;
  const definition = familyOf(model.family);
  let lp = 0;
  const aux: number[] = definition.parameters.map((name, p) => {
    const l = theta[layout.family + p]!;
    const value = Math.exp(l) + (name === "nu" ? 1 : 0);
    lp += priorDensity(priors[name], value).value + l;
    return value;
  });
  // a middle threshold as it is, those around it by the logs of the gaps
  const middle = Math.floor(problem.thresholds / 2);
  const cuts = Array.from({ length: problem.thresholds }, (_, k) => {
    let value = theta[layout.thresholds + middle]!;
    for (let j = middle + 1; j <= k; j++) value += Math.exp(theta[layout.thresholds + j]!);
    for (let j = middle - 1; j >= k; j--) value -= Math.exp(theta[layout.thresholds + j]!);
    lp += priorDensity(priors.thresholds[k]!, value).value;
    return value;
  });
  for (let k = 0; k < cuts.length; k++) if (k !== middle) lp += theta[layout.thresholds + k]!;
  aux.push(...cuts);
  const betaPriors: Prior[] = [...(problem.intercept ? [priors.intercept] : []), ...priors.b];
  for (let k = 0; k < columns; k++) lp += priorDensity(betaPriors[k]!, theta[k]!).value;
  terms.forEach((term, t) => {
    const q = term.size;
    const sd = scales[t]!.map((c, k) => {
      const at = theta[layout.scaleOf[t]! + k]!;
      lp += priorDensity(priors.sd[t]![k]!, Math.abs(c * Math.sinh(at))).value + Math.log(Math.cosh(at));
      return c * Math.sinh(at);
    });
    const cor = layout.corOf[t]!;
    const r = correlationMatrix(q, (i, j) => (cor < 0 ? 0 : theta[cor + (i * (i - 1)) / 2 + j]!));
    if (cor >= 0) {
      // LKJ: det R^(eta - 1); the Jacobian of R in its partial correlations (Lewandowski et al. 2009, theorem 1); that of tanh
      lp += (priors.cor[t]! - 1) * logDet(Float64Array.from(r.flat()), q);
      for (let i = 1; i < q; i++)
        for (let j = 0; j < i; j++) {
          const rest = 1 - Math.tanh(theta[cor + (i * (i - 1)) / 2 + j]!) ** 2;
          lp += ((q - 2 - j) / 2 + 1) * Math.log(rest);
        }
    }
    const covariance = Float64Array.from(r.flat(), (value, i) => value * sd[Math.floor(i / q)]! * sd[i % q]!);
    const precision = inverse(covariance, q)!;
    const half = 0.5 * logDet(covariance, q);
    for (let j = 0; j < term.levels; j++) {
      lp -= half;
      for (let a = 0; a < q; a++)
        for (let b = 0; b < q; b++) lp -= 0.5 * effects(t, j, a) * precision[a * q + b]! * effects(t, j, b);
      // |du / dw| = |C| / |K|, K K' = 1 + C' I C, and |1 + C' I C| = |1 + I C C'|
      const transport = transports[t];
      if (transport === undefined) continue;
      const sum = precision.map((value, i) => value + transport.information[j * q * q + i]!);
      lp += half - 0.5 * (logDet(sum, q) + 2 * half);
    }
  });
  if (model.priorOnly) return lp;
  for (let i = 0; i < rows; i++) {
    let eta = offset[i]!;
    for (let k = 0; k < columns; k++) eta += x[i * columns + k]! * theta[k]!;
    terms.forEach((term, t) => {
      for (let a = 0; a < term.size; a++)
        eta += (term.z?.[i * term.size + a] ?? 1) * effects(t, term.index[i]!, a);
    });
    lp += definition.logLik(y[i]!, eta, aux, trials[i]!);
  }
  return lp;
}
