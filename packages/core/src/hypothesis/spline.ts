/**
 * Value at `point` of the interpolating cubic spline through (x, y), x rising, at least 4 points, whose ends take the
 * third derivatives of the cubics through the first and last four points (Forsythe, Malcolm & Moler 1977, Computer
 * Methods for Mathematical Computations, section 4.4): R's `spline(method = "fmm")`.
 */
export function splineAt(x: Float64Array, y: Float64Array, point: number): number {
  const n = x.length;
  if (n < 4) throw new RangeError(`a spline needs at least 4 points: ${n}`);
  // the second derivatives / 6 are unknown: a tridiagonal system, `gap` beside its diagonal
  const gap = new Float64Array(n - 1);
  const slope = new Float64Array(n - 1);
  for (let i = 0; i < n - 1; i++) {
    gap[i] = x[i + 1]! - x[i]!;
    slope[i] = (y[i + 1]! - y[i]!) / gap[i]!;
  }
  const diagonal = new Float64Array(n);
  const curve = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    diagonal[i] = 2 * (gap[i - 1]! + gap[i]!);
    curve[i] = slope[i]! - slope[i - 1]!;
  }
  const last = n - 1;
  diagonal[0] = -gap[0]!;
  diagonal[last] = -gap[last - 1]!;
  const third = (i: number): number =>
    (curve[i + 1]! / (x[i + 2]! - x[i]!) - curve[i]! / (x[i + 1]! - x[i - 1]!)) / (x[i + 2]! - x[i - 1]!);
  curve[0] = gap[0]! ** 2 * third(1);
  curve[last] = -(gap[last - 1]! ** 2) * third(last - 2);
  for (let i = 1; i < n; i++) {
    const factor = gap[i - 1]! / diagonal[i - 1]!;
    diagonal[i] = diagonal[i]! - factor * gap[i - 1]!;
    curve[i] = curve[i]! - factor * curve[i - 1]!;
  }
  curve[last] = curve[last]! / diagonal[last]!;
  for (let i = last - 1; i >= 0; i--) curve[i] = (curve[i]! - gap[i]! * curve[i + 1]!) / diagonal[i]!;

  let i = 0;
  for (let end = last; end - i > 1; ) {
    const middle = (i + end) >> 1;
    if (x[middle]! <= point) i = middle;
    else end = middle;
  }
  const [h, here, next] = [gap[i]!, curve[i]!, curve[i + 1]!];
  const d = point - x[i]!;
  return y[i]! + d * (slope[i]! - h * (next + 2 * here) + d * (3 * here + d * ((next - here) / h)));
}
