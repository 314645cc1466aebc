import type { Prior } from "@bridgewise/core";
import { priorDensity } from "./prior.ts";

/**
 * A group's standard deviation is sampled as sd = |c sinh x|, c a rough guess of its size: linear near 0, where a posterior that piles up
 * at 0 continues smoothly on the other side (the density is even in x), and logarithmic far above c, where tails are heavy. On the log
 * scale a posterior near 0 has a long tail to the left and a wall to the right, and trajectories between them diverge.
 */

/** c sinh x: the standard deviation with a sign; effects are written with the sign, so that x and -x are mirror images. */
export const signedSd = (c: number, x: number): number => c * Math.sinh(x);

/** The x >= 0 of a standard deviation. */
export const scaleCoordinate = (c: number, sd: number): number => Math.asinh(sd / c);

/** Log density at x of the prior of sd, the Jacobian log |d sd / dx| included, up to a constant; slope in x. */
export function scalePriorDensity(prior: Prior, c: number, x: number): { value: number; slope: number } {
  const tau = signedSd(c, x);
  const { value, slope } = priorDensity(prior, Math.abs(tau));
  const cosh = Math.cosh(x);
  return { value: value + Math.log(cosh), slope: slope * Math.sign(tau) * c * cosh + Math.tanh(x) };
}

/** d log sd / dx: turns a derivative in log sd into one in x. */
export const logSdSlope = (x: number): number => 1 / Math.tanh(x);
