/** Numbers in [0, 1) from a seed (Park & Miller 1988, doi:10.1145/63039.63042). */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (48271 * state) % 2147483647;
    return state / 2147483647;
  };
}
