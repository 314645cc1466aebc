/** Some draws of all chains, one after another. */
export interface DrawBlock {
  /** brms's names. */
  readonly variables: readonly string[];
  readonly chains: number;
  /** Draws of each chain in this block. */
  readonly draws: number;
  /** [variables][chains][draws], on the variables' own scales. */
  readonly values: Float64Array;
  /** Draws of each chain before this block. */
  readonly iteration: number;
}
