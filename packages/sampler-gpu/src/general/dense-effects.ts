/**
 * Effects that are globals, of one lane: log density of u_j ~ Normal(0, C C') [levels][q], up to a constant. effects, slopes: [levels][q][lanes]
 * from `at` on, slopes in u are added; adds the slope in C to slopeC [q][q][lanes], lower.
 */
export function denseEffects(
  levels: number,
  q: number,
  factor: Float64Array,
  lanes: number,
  c: number,
  effects: Float64Array,
  at: number,
  slopes: Float64Array,
  slopeC: Float64Array,
): number {
  const x = new Float64Array(q);
  const back = new Float64Array(q);
  let lp = 0;
  for (let j = 0; j < levels; j++) {
    const level = at + j * q * lanes + c;
    for (let a = 0; a < q; a++) {
      let sum = effects[level + a * lanes]!;
      for (let b = 0; b < a; b++) sum -= factor[(a * q + b) * lanes + c]! * x[b]!;
      x[a] = sum / factor[(a * q + a) * lanes + c]!;
      lp -= 0.5 * x[a]! ** 2;
    }
    for (let a = q - 1; a >= 0; a--) {
      let sum = x[a]!;
      for (let b = a + 1; b < q; b++) sum -= factor[(b * q + a) * lanes + c]! * back[b]!;
      back[a] = sum / factor[(a * q + a) * lanes + c]!;
      slopes[level + a * lanes]! -= back[a]!;
    }
    for (let a = 0; a < q; a++)
      for (let b = 0; b <= a; b++) slopeC[(a * q + b) * lanes + c]! += back[a]! * x[b]!;
  }
  for (let a = 0; a < q; a++) {
    const diagonal = factor[(a * q + a) * lanes + c]!;
    lp -= levels * Math.log(Math.abs(diagonal));
    slopeC[(a * q + a) * lanes + c]! -= levels / diagonal;
  }
  return lp;
}
