import type { RandomNumbers } from "./family.ts";

/** A draw of Gamma(shape, rate 1), shape > 0 (Marsaglia & Tsang 2000, doi:10.1145/358407.358414). */
export function drawGamma(shape: number, random: RandomNumbers): number {
  if (shape < 1) return drawGamma(shape + 1, random) * random.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
