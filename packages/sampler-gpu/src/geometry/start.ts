import { choleskyInPlace, solveLower, solveLowerTransposed } from "../linear/cholesky.ts";
import { linearizeRow } from "./working-response.ts";

/** What the start needs of a model. */
export interface LinearModel {
  readonly rows: number;
  readonly columns: number;
  /** [rows x columns] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly gaussian: boolean;
  readonly terms: readonly { readonly levels: number; readonly index: Int32Array }[];
}

/** A rough posterior mode, where the chains' geometry starts from. */
export interface Start {
  /** [columns] */
  readonly beta: Float64Array;
  /** [terms] standard deviations of the groups. */
  readonly sd: Float64Array;
  readonly sigma: number;
  /** [terms][levels] */
  readonly effects: readonly Float64Array[];
  /** [terms] mean over levels of k = I tau^2 / (1 + I tau^2). */
  readonly shares: Float64Array;
  /**
   * [terms] the sd that the data can tell from 0: at tau = 0 the information about tau^2 is sum I_j^2 / 2, so tau^2 is known to within
   * sqrt(2 / sum I_j^2).
   */
  readonly resolution: Float64Array;
}

/** EM comes slowly to small variances, and a scale that is too large there costs more than the sweeps do. */
const SWEEPS = 24;

/**
 * Penalised quasi-likelihood: iteratively reweighted block Gauss-Seidel over beta and each term's effects, with an EM update of
 * the variances. Rough on purpose: the sampler's geometry is exact wherever this point lies.
 */
export function estimateStart(model: LinearModel): Start {
  const { rows, columns, x, y, gaussian, terms } = model;
  const beta = new Float64Array(columns);
  const effects = terms.map((t) => new Float64Array(t.levels));
  const spread = gaussian ? variance(y) : 1;
  const sd2 = terms.map(() => (gaussian ? 0.1 * spread + 1e-8 : 0.1));
  let sigma2 = gaussian ? 0.5 * spread + 1e-10 : 1;
  const v = new Float64Array(rows);
  const r = new Float64Array(rows);
  const shares = new Float64Array(terms.length);
  const resolution = new Float64Array(terms.length);

  const ones = new Float64Array(gaussian ? rows : 0).fill(1);
  let factor = gaussian ? normalFactor(model, ones) : undefined;

  const linearise = (): void => {
    for (let i = 0; i < rows; i++) {
      let e = 0;
      for (let k = 0; k < columns; k++) e += x[i * columns + k]! * beta[k]!;
      for (let t = 0; t < terms.length; t++) e += effects[t]![terms[t]!.index[i]!]!;
      linearizeRow(i, e, y[i]!, gaussian, sigma2, v, r);
    }
  };

  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // a gaussian model's residuals are kept up to date below
    if (!gaussian || sweep === 0) linearise();
    else v.fill(1 / sigma2);
    // a gaussian model's weights are all alike, so that its factor serves for all sweeps with weights of 1
    if (!gaussian) factor = normalFactor(model, v);
    const change = weightedLeastSquares(model, factor, gaussian ? ones : v, r);
    for (let k = 0; k < columns; k++) beta[k]! += change[k]!;
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < columns; k++) r[i]! -= x[i * columns + k]! * change[k]!;
    let freedom = columns;
    for (let t = 0; t < terms.length; t++) {
      const { levels, index } = terms[t]!;
      const u = effects[t]!;
      const info = new Float64Array(levels);
      const sum = new Float64Array(levels);
      for (let i = 0; i < rows; i++) {
        info[index[i]!]! += v[i]!;
        sum[index[i]!]! += v[i]! * r[i]!;
      }
      let em = 0;
      let share = 0;
      let squares = 0;
      const delta = new Float64Array(levels);
      for (let j = 0; j < levels; j++) {
        const post = info[j]! + 1 / sd2[t]!;
        delta[j] = (sum[j]! + info[j]! * u[j]!) / post - u[j]!;
        u[j]! += delta[j]!;
        em += u[j]! ** 2 + 1 / post;
        share += info[j]! / post;
        squares += info[j]! ** 2;
      }
      for (let i = 0; i < rows; i++) r[i]! -= delta[index[i]!]!;
      if (sweep > 1) sd2[t] = Math.max(em / levels, 1e-6 * (gaussian ? sigma2 : 1));
      shares[t] = share / levels;
      resolution[t] = (2 / squares) ** 0.25;
      freedom += share;
    }
    if (gaussian && sweep > 1) {
      let squares = 0;
      for (let i = 0; i < rows; i++) squares += r[i]! ** 2;
      sigma2 = Math.max((squares + sigma2 * Math.min(freedom, 0.9 * rows)) / rows, 1e-10 * spread + 1e-300);
    }
  }
  return {
    beta,
    sd: Float64Array.from(sd2, Math.sqrt),
    sigma: Math.sqrt(sigma2),
    effects,
    shares,
    resolution,
  };
}

/** Cholesky factor of X'VX (lower), or undefined where it is singular. */
function normalFactor({ rows, columns: n, x }: LinearModel, v: Float64Array): Float64Array | undefined {
  const a = new Float64Array(n * n);
  for (let i = 0; i < rows; i++) {
    const at = i * n;
    for (let k = 0; k < n; k++) {
      const w = v[i]! * x[at + k]!;
      if (w === 0) continue;
      for (let l = 0; l <= k; l++) a[k * n + l]! += w * x[at + l]!;
    }
  }
  for (let k = 0; k < n; k++) a[k * n + k]! += 1e-10 * a[k * n + k]! + 1e-300;
  return choleskyInPlace(a, n) ? a : undefined;
}

/** (X'VX)^-1 X'V r with the factor of X'VX; 0 where it is singular. */
function weightedLeastSquares(
  { rows, columns: n, x }: LinearModel,
  factor: Float64Array | undefined,
  v: Float64Array,
  r: Float64Array,
): Float64Array {
  const b = new Float64Array(n);
  if (factor === undefined) return b;
  for (let i = 0; i < rows; i++) {
    const w = v[i]! * r[i]!;
    for (let k = 0; k < n; k++) b[k]! += w * x[i * n + k]!;
  }
  solveLower(factor, n, b);
  solveLowerTransposed(factor, n, b);
  return b;
}

function variance(values: Float64Array): number {
  let mean = 0;
  for (const v of values) mean += v / values.length;
  let sum = 0;
  for (const v of values) sum += (v - mean) ** 2;
  return sum / Math.max(1, values.length - 1);
}
