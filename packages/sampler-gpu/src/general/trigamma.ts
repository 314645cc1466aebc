// B_2k, k = 1 …: the asymptotic series of psi' (DLMF 5.15.8)
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66] as const;

/** The second derivative of log Gamma at x > 0, to about 1e-12: a weight, never part of a density. */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += 1 / (z * z);
  const inverseSquare = 1 / (z * z);
  let series = 0;
  for (let k = BERNOULLI.length - 1; k >= 0; k--) series = (series + BERNOULLI[k]!) * inverseSquare;
  return shift + 1 / z + inverseSquare / 2 + series / z;
}
