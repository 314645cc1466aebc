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

/** Draws that are read variable by variable. */
export interface DrawsSource {
  readonly variables: readonly string[];
  readonly chains: number;
  readonly draws: number;
  /** [chains][draws] of the variable with this index. */
  read(variable: number): Promise<Float64Array>;
}

/** Draws in memory, or already a source, as a source. */
export function drawsSource(draws: Draws | DrawsSource): DrawsSource {
  if ("read" in draws) return draws;
  checkDraws(draws);
  const { variables, chains, draws: each, values } = draws;
  const size = chains * each;
  const read = async (variable: number): Promise<Float64Array> =>
    values.subarray(variable * size, (variable + 1) * size);
  return { variables, chains, draws: each, read };
}

/** Some variables of a source, by their indices in it. */
export function selectVariables(source: DrawsSource, indices: readonly number[]): DrawsSource {
  return {
    variables: indices.map((v) => source.variables[v]!),
    chains: source.chains,
    draws: source.draws,
    read: (i) => source.read(indices[i]!),
  };
}
