import type { Tensor } from "@tensorflow/tfjs-core";
import type { Tensors } from "./arrays.ts";

/** What an evaluation gives: all float32, chains first. */
export interface Evaluation {
  /** For each block, gradient of the log density + position: the kick of the rotation-kick integrator. */
  readonly force: readonly Tensor[];
  /** [chains, kept[i]] what `pieces` and `reported` are made of. */
  readonly kept: readonly Tensor[];
}

/**
 * A log density of whitened positions, in tfjs ops, of all chains at once. A position is a list of blocks [chains, blocks[i]], the
 * globals first. The log density is the sum of its *pieces*, which are subtracted from each other before they are summed, so that a
 * difference of log densities keeps in single precision what each of the two would have lost.
 */
export interface TensorDensity {
  readonly blocks: readonly number[];
  readonly kept: readonly number[];
  /** Widths of the pieces [chains, pieces[i]]. */
  readonly pieces: readonly number[];
  /** Width of what is reported of each draw beside its globals; may be 0. */
  readonly reported: number;
  evaluate(inputs: Tensors, position: readonly Tensor[]): Evaluation;
  piecesOf(inputs: Tensors, kept: readonly Tensor[]): Tensor[];
  /** [chains, reported]; not called where that is 0. */
  reportedOf(inputs: Tensors, kept: readonly Tensor[]): Tensor;
}
