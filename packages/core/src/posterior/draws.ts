/** Posterior draws after warm-up. */
export interface Draws {
  /** brms's names: `b_Intercept`, `sd_user_id__Intercept`, `sigma`, `r_item[a,Intercept]`. */
  readonly variables: readonly string[];
  readonly chains: number;
  /** Draws in each chain. */
  readonly draws: number;
  /** [variables][chains][draws], the last index runs fastest. */
  readonly values: Float64Array;
}
