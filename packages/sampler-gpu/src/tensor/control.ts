import { type Arrays, floats, integers } from "./arrays.ts";
import type { TensorSpec } from "./runtime.ts";

/** Most iterations in one dispatch. */
export const DISPATCH = 25;

const perIteration: TensorSpec = { shape: [DISPATCH], dtype: "float32" };

/** What changes from dispatch to dispatch. */
export const CONTROL = {
  /** Iterations of this dispatch, and the number of the first. */
  count: { shape: [], dtype: "int32" },
  first: { shape: [1], dtype: "int32" },
  /** Integration steps of each; of their angle the half, tan of the half, sin. */
  steps: { shape: [DISPATCH], dtype: "int32" },
  half: perIteration,
  tangent: perIteration,
  sine: perIteration,
  /** 1 to take the proposal whatever its energy. */
  forced: perIteration,
} satisfies Readonly<Record<string, TensorSpec>>;

export interface Iteration {
  readonly steps: number;
  /** Angle of each step, in radians. */
  readonly stepSize: number;
}

/** The control of up to DISPATCH iterations, the first of this number. */
export function controlOf(first: number, iterations: readonly Iteration[], forced = false): Arrays {
  const each = (of: (it: Iteration) => number): Float64Array => {
    const out = new Float64Array(DISPATCH);
    iterations.forEach((it, i) => {
      out[i] = of(it);
    });
    return out;
  };
  const steps = each((it) => it.steps);
  const half = each((it) => 0.5 * it.stepSize);
  return {
    count: integers([], [iterations.length]),
    first: integers([1], [first]),
    steps: integers([DISPATCH], steps),
    half: floats([DISPATCH], half),
    tangent: floats([DISPATCH], half.map(Math.tan)),
    sine: floats(
      [DISPATCH],
      half.map((h) => Math.sin(2 * h)),
    ),
    forced: floats([DISPATCH], new Float64Array(DISPATCH).fill(forced ? 1 : 0)),
  };
}
