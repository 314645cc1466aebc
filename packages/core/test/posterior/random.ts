import { normalQuantile } from "../../src/posterior/normal.ts";

/** Uniform numbers in (0, 1) for test input (mulberry32). */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** [chains][draws] of a stationary AR(1) process with unit variance and autocorrelation phi^lag. */
export function autoregressive(seed: number, chains: number, draws: number, phi: number): Float64Array {
  const next = uniforms(seed);
  const x = new Float64Array(chains * draws);
  for (let i = 0; i < x.length; i++) {
    const noise = normalQuantile(next());
    x[i] = i % draws === 0 ? noise : phi * x[i - 1]! + Math.sqrt(1 - phi * phi) * noise;
  }
  return x;
}
