/** Weights below this would let one separable row dominate (p (1 - p) of a probability of 0.001). */
const LEAST_WEIGHT = 1e-3;

/**
 * Iteratively reweighted least squares' view of one row at linear predictor `eta`: its weight into v[i] and its working residual into
 * r[i]. A gaussian row has weight 1 / sigma^2, a bernoulli row p (1 - p) (McCullagh & Nelder 1989, section 2.5).
 */
export function linearizeRow(
  i: number,
  eta: number,
  y: number,
  gaussian: boolean,
  sigma2: number,
  v: Float64Array,
  r: Float64Array,
): void {
  if (gaussian) {
    v[i] = 1 / sigma2;
    r[i] = y - eta;
    return;
  }
  const p = 1 / (1 + Math.exp(-eta));
  v[i] = Math.max(p * (1 - p), LEAST_WEIGHT);
  r[i] = (y - p) / v[i]!;
}
