import { quantileSorted } from "@bridgewise/core";
import { interactionsOf } from "./interactions.ts";
import type { PosteriorShape } from "./report-data.ts";
import { type DrawsSource, shapeOf } from "./shape.ts";

/** Posterior of a moderated slope, `b_A + b_A:M`. */
export interface MarginalSlope {
  readonly median: number;
  readonly q5: number;
  readonly q95: number;
  readonly shape: PosteriorShape;
}

/**
 * Slopes where the moderator is 1, from the draws: each interaction's sum with the slope that it moderates, by the interaction's name. Sums
 * that are constant or not finite are left out.
 */
export async function slopesOf(draws: DrawsSource): Promise<Record<string, MarginalSlope>> {
  const read = (variable: string): Promise<Float64Array> => draws.read(draws.variables.indexOf(variable));
  const out: Record<string, MarginalSlope> = {};
  for (const { variable, slope } of interactionsOf(draws.variables)) {
    const [main, added] = [await read(`b_${slope}`), await read(variable)];
    const sum = main.map((x, k) => x + added[k]!);
    const shape = shapeOf(sum);
    if (!shape) continue;
    const sorted = sum.toSorted();
    const [q5, median, q95] = [0.05, 0.5, 0.95].map((p) => quantileSorted(sorted, p)) as [
      number,
      number,
      number,
    ];
    out[variable] = { q5, median, q95, shape };
  }
  return out;
}
