import type { EngineName } from "../engine.ts";
import { engineStatus } from "../native/engine-status.ts";

/**
 * Rows times chains from which on a graphics card is worth its start. Below, the embedded kernel's gradient of all chains takes less than
 * a card's dispatches and compilation; the figure is reckoned from those costs, not measured on a card.
 */
const LARGE = 5_000_000;

/**
 * The engine for a problem's size: cuda where the problem is large and a card is usable, else the embedded kernel, which is the fastest
 * on a CPU at every size measured (docs/benchmarks.md).
 */
export async function chooseEngine(size: {
  readonly rows: number;
  readonly chains: number;
}): Promise<EngineName> {
  if (size.rows * size.chains < LARGE) return "simd";
  const { usable } = await engineStatus("cuda", 0);
  return usable ? "cuda" : "simd";
}
