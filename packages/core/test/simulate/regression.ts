/** Estimates with their standard errors, [predictors]. */
export interface Estimates {
  readonly b: number[];
  readonly se: number[];
}

/** Least squares by the normal equations; `absorbed`: degrees of freedom taken by centring. */
export function leastSquares(x: readonly Float64Array[], y: Float64Array, absorbed = 0): Estimates {
  const covariance = invert(x.map((a) => x.map((b) => dot(a, b))));
  const xy = x.map((a) => dot(a, y));
  const b = covariance.map((row) => row.reduce((sum, value, j) => sum + value * xy[j]!, 0));
  const residual = y.map((value, i) => value - x.reduce((sum, a, j) => sum + a[i]! * b[j]!, 0));
  const variance = dot(residual, residual) / (y.length - x.length - absorbed);
  return { b, se: covariance.map((row, j) => Math.sqrt(variance * row[j]!)) };
}

/** Maximum likelihood of a logistic regression by Newton's method. */
export function logistic(x: readonly Float64Array[], y: Float64Array): Estimates {
  let b = x.map(() => 0);
  let covariance: number[][] = [];
  for (let step = 0; step < 8; step++) {
    const p = y.map((_, i) => 1 / (1 + Math.exp(-x.reduce((sum, a, j) => sum + a[i]! * b[j]!, 0))));
    const weighted = x.map((a) => a.map((value, i) => value * p[i]! * (1 - p[i]!)));
    covariance = invert(x.map((a) => weighted.map((w) => dot(a, w))));
    const residual = y.map((value, i) => value - p[i]!);
    const gradient = x.map((a) => dot(a, residual));
    b = b.map((value, j) => value + covariance[j]!.reduce((sum, c, k) => sum + c * gradient[k]!, 0));
  }
  return { b, se: covariance.map((row, j) => Math.sqrt(row[j]!)) };
}

/** x minus its mean within each group, [rows]. */
export function centreWithin(x: Float64Array, groups: readonly string[]): Float64Array {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const [i, group] of groups.entries()) {
    const of = sums.get(group) ?? { sum: 0, n: 0 };
    sums.set(group, { sum: of.sum + x[i]!, n: of.n + 1 });
  }
  return x.map((value, i) => {
    const { sum, n } = sums.get(groups[i]!)!;
    return value - sum / n;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Gauss and Jordan, for positive definite matrices. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => Number(i === j))]);
  for (let i = 0; i < n; i++) {
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map((value) => value / pivot);
    for (let k = 0; k < n; k++) {
      const factor = rows[k]![i]!;
      if (k !== i) rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
