import { type Kicks, kicksOf } from "../driver/integrator.ts";
import { type Arrays, floats, integers } from "./arrays.ts";
import type { TensorSpec } from "./runtime.ts";

/** Most iterations in one dispatch, beside the one that places the chains. */
export const DISPATCH = 25;
/** Places for iterations in a program. */
export const PLACES = DISPATCH + 1;

const perIteration: TensorSpec = { shape: [PLACES], dtype: "float32" };

/** What changes from dispatch to dispatch. */
export const CONTROL = {
  /** Iterations of this dispatch, and the number of the first. */
  count: { shape: [], dtype: "int32" },
  first: { shape: [1], dtype: "int32" },
  /** Integration steps of each; their kicks (driver/integrator.ts); of their angle tan of the half, sin. */
  steps: { shape: [PLACES], dtype: "int32" },
  outer: perIteration,
  inner: perIteration,
  tangent: perIteration,
  sine: perIteration,
  /** 1 to take the proposal whatever its energy. */
  forced: perIteration,
} satisfies Readonly<Record<string, TensorSpec>>;

export interface Iteration {
  readonly steps: number;
  /** Angle of each step, in radians. */
  readonly stepSize: number;
  /** Whether to take the proposal whatever its energy. */
  readonly forced?: boolean;
}

/**
 * A step by an angle of 0 that is always taken: it leaves the chains where they are, and computes their forces and pieces by the code that
 * computes all later ones. What follows is, to the bit, what would have followed had the chains come there on their own.
 */
export const PLACING: Iteration = { steps: 1, stepSize: 0, forced: true };

/** The control of up to PLACES iterations, the first of this number. */
export function controlOf(first: number, iterations: readonly Iteration[]): Arrays {
  const each = (of: (it: Iteration) => number): Float64Array => {
    const out = new Float64Array(PLACES);
    iterations.forEach((it, i) => {
      out[i] = of(it);
    });
    return out;
  };
  const steps = each((it) => it.steps);
  const half = each((it) => 0.5 * it.stepSize);
  const kicks = (of: keyof Kicks): Float64Array => each((it) => kicksOf(it.steps)[of] * it.stepSize);
  return {
    count: integers([], [iterations.length]),
    first: integers([1], [first]),
    steps: integers([PLACES], steps),
    outer: floats([PLACES], kicks("outer")),
    inner: floats([PLACES], kicks("inner")),
    tangent: floats([PLACES], half.map(Math.tan)),
    sine: floats(
      [PLACES],
      half.map((h) => Math.sin(2 * h)),
    ),
    forced: floats(
      [PLACES],
      each((it) => (it.forced ? 1 : 0)),
    ),
  };
}
