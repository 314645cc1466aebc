import type { Geometry } from "../engine.ts";
import type { Moments } from "./metric.ts";

/** What the driver asks of a density: where to start, and what shape to sample in after a window. It has no memory of its own. */
export interface Target {
  readonly globals: number;
  /** Whether to learn the globals' variances alone. */
  readonly diagonal?: boolean;
  initial(): Geometry;
  /** `previous`: the geometry that the window was sampled in. */
  learn(moments: Moments, previous: Geometry): Geometry;
}
