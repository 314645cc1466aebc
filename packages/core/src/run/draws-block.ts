/** Draws of one chain that follow each other. */
export interface DrawsBlock {
  /** From 1. */
  readonly chain: number;
  /** Draws of the chain before these. */
  readonly from: number;
  readonly draws: number;
  /** [variables][draws] */
  readonly values: Float64Array;
}
