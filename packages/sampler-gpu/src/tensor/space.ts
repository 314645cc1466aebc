import type { Geometry } from "../engine.ts";
import type { Arrays } from "./arrays.ts";
import type { TensorDensity } from "./density.ts";
import type { Position } from "./position.ts";

/** What the tensor engine needs to know of what it samples: the density on the device, and its other half in plain memory. */
export interface Space {
  /** Programs differ by it: letters, digits and _. */
  readonly name: string;
  /** What was chosen for this space's program among equals, as numbers: with it, `Spaces` gives it again. */
  readonly variant: readonly number[];
  readonly density: TensorDensity;
  /** Inputs that no geometry changes. */
  readonly data: Arrays;
  /** Inputs of a geometry; always the same names and shapes. */
  geometry(geometry: Geometry): Arrays;
  /** Writes the positions anew in a changed geometry, what they stand for staying the same. */
  move(from: Geometry, to: Geometry, position: Position): void;
  /** Takes the signs from globals that have them for free, theta [globals]. */
  fold(theta: Float64Array): void;
  readonly variables: number;
  /** The reported variables of one draw into out[offset], …: `reported` is the density's, [reported] at `from`. */
  report(draw: Draw, out: Float64Array, offset: number): void;
}

/**
 * The space that suits a geometry; one of this variant, where it does as well. All have the same blocks, pieces and data.
 */
export type Spaces = (geometry: Geometry, variant: readonly number[] | undefined) => Space;

export interface Draw {
  /** [globals] */
  readonly theta: Float64Array;
  readonly reported: ArrayLike<number>;
  readonly from: number;
  readonly chain: number;
  readonly iteration: number;
}
