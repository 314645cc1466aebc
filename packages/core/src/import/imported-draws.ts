import type { Draws } from "../posterior/draws.ts";

/** What a file of another program's draws tells. */
export interface ReadDraws {
  readonly draws: Draws;
  /** Warm-up iterations of each chain, null where the file does not tell. */
  readonly warmup: number | null;
  readonly seed: number | null;
  /** Whether the file says that the data were simulated. */
  readonly simulated: boolean;
}

/** Draws without the sampler's own columns, and what those tell; null for what is not known. */
export interface ImportedSample {
  readonly draws: Draws;
  /** Names of the columns that were taken out. */
  readonly columns: readonly string[];
  readonly divergences: number | null;
  /** Means over all draws. */
  readonly stepSize: number | null;
  readonly acceptance: number | null;
  readonly gradientsPerDraw: number | null;
  /** [chains][draws] Stan's `energy__`: the Hamiltonian of each transition. */
  readonly energy: Float64Array | null;
}

/** Stan's names for what is not a variable of the model end like this: `lp__`, `energy__`. */
const INTERNAL = /__$/;

/** Takes the sampler's columns out of draws. */
export function separateSampler(draws: Draws): ImportedSample {
  const size = draws.chains * draws.draws;
  const column = (name: string): Float64Array | null => {
    const v = draws.variables.indexOf(name);
    return v < 0 ? null : draws.values.subarray(v * size, (v + 1) * size);
  };
  const average = (name: string): number | null => {
    const values = column(name);
    const mean = values === null ? Number.NaN : values.reduce((sum, x) => sum + x, 0) / size;
    return Number.isFinite(mean) ? mean : null;
  };
  const isKept = draws.variables.map((name) => !INTERNAL.test(name));
  const variables = draws.variables.filter((_, v) => isKept[v]);
  const values = isKept.every(Boolean) ? draws.values : new Float64Array(variables.length * size);
  if (values !== draws.values)
    [...isKept.keys()]
      .filter((v) => isKept[v])
      .forEach((v, k) => {
        values.set(draws.values.subarray(v * size, (v + 1) * size), k * size);
      });
  return {
    draws: { ...draws, variables, values },
    columns: draws.variables.filter((name) => INTERNAL.test(name)),
    divergences: column("divergent__")?.reduce((count, x) => count + (x > 0 ? 1 : 0), 0) ?? null,
    stepSize: average("stepsize__"),
    acceptance: average("accept_stat__"),
    gradientsPerDraw: average("n_leapfrog__"),
    energy: column("energy__"),
  };
}
