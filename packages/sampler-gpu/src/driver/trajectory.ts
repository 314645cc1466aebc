/** Mean angle of a trajectory in whitened coordinates: a little over a quarter turn, which decorrelates positions. */
export const TRAJECTORY_ANGLE = 1.8;

/** Base-2 van der Corput sequence of i >= 0, in [0, 1): evenly spread jitter, the same for all chains (Hoffman et al. 2021, section 3). */
export function vanDerCorput(i: number): number {
  let fraction = 1;
  let result = 0;
  for (let n = i + 1; n > 0; n = Math.floor(n / 2)) {
    fraction /= 2;
    result += fraction * (n % 2);
  }
  return result;
}

/** Integration steps of iteration i: an angle of 0.6 to 1.4 times the mean one, in steps of `stepSize`. */
export function stepsOf(i: number, stepSize: number, mostSteps: number): number {
  const angle = TRAJECTORY_ANGLE * (0.6 + 0.8 * vanDerCorput(i));
  return Math.max(1, Math.min(mostSteps, Math.round(angle / stepSize)));
}
