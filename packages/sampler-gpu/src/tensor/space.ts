import type { Geometry } from "../engine.ts";
import type { Arrays } from "./arrays.ts";
import type { TensorDensity } from "./density.ts";

/** Positions of all chains in plain memory: by block, [chains x width]. */
export type Position = readonly Float64Array[];

/** What the tensor engine needs to know of what it samples: the density on the device, and its other half in plain memory. */
export interface Space {
  readonly name: string;
  readonly density: TensorDensity;
  /** Inputs that no geometry changes. */
  readonly data: Arrays;
  /** Inputs of a geometry; always the same names and shapes. */
  geometry(geometry: Geometry): Arrays;
  /** Writes the positions anew in a changed geometry, what they stand for staying the same. */
  move(from: Geometry, to: Geometry, position: Position): void;
  /** Globals whose sign is free: told without it. */
  readonly freeSigns: readonly number[];
  readonly variables: number;
  /** The reported variables of one draw into out[offset], …: `reported` is the density's, [reported] at `from`. */
  report(draw: Draw, out: Float64Array, offset: number): void;
}

export interface Draw {
  /** [globals] */
  readonly theta: Float64Array;
  readonly reported: ArrayLike<number>;
  readonly from: number;
  readonly chain: number;
  readonly iteration: number;
}
