/** Some variables' draws as the page has them: float64, so that what it computes from them is what the command computes. */
export interface DrawsBlock {
  readonly chains: number;
  /** Of each chain. */
  readonly draws: number;
  readonly variables: readonly string[];
  /** Bytes of [variables][chains][draws] float64, little-endian, as base64. */
  readonly base64: string;
}

/** Values of a run in the page, at most: 16 MB. */
const MOST_VALUES = 2_000_000;

/** Variables for the page: all but single group levels, in their order, as many as 16 MB hold. */
export function pageVariables(
  variables: readonly string[],
  draws: number,
): { readonly taken: readonly string[]; readonly leftOut: readonly string[] } {
  const wanted = variables.filter((name) => !name.startsWith("r_"));
  const count = Math.max(1, Math.floor(MOST_VALUES / draws));
  return { taken: wanted.slice(0, count), leftOut: wanted.slice(count) };
}
