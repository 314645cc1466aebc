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

/** Throws where sizes and values do not fit together or a name occurs twice: a fault of the caller, not of input. */
export function checkDraws({ variables, chains, draws, values }: Draws): void {
  const expected = variables.length * chains * draws;
  if (!(values.length === expected)) {
    throw new RangeError(
      `draws of ${variables.length} variables x ${chains} chains x ${draws} hold ${values.length} values instead of ${expected}`,
    );
  }
  const seen = new Set<string>();
  for (const name of variables) {
    if (seen.has(name)) throw new RangeError(`draws have two variables '${name}'`);
    seen.add(name);
  }
}
