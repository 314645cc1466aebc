import { betaQuantile } from "../posterior/beta.ts";
import { normalCdf } from "../posterior/normal-cdf.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { attributeCorrelations, PROMPT_MOMENTS } from "./attribute-moments.ts";
import { correlatedNormals } from "./copula.ts";
import type { Random } from "./random.ts";

/**
 * Draws a prompt's attributes [ATTRIBUTES] in (0, 1): beta distributions joined by a Gaussian copula, drawn again until `fits`. Which
 * prompts there are does not touch the truth of any slope.
 */
export function promptDraws(fits: (attributes: Float64Array) => boolean): (random: Random) => Float64Array {
  const latent = correlatedNormals(attributeCorrelations());
  const quantiles = ATTRIBUTES.map((name) => {
    const { mean, sd } = PROMPT_MOMENTS[name];
    const size = (mean * (1 - mean)) / (sd * sd) - 1;
    return betaTable(mean * size, (1 - mean) * size);
  });
  return (random) => {
    for (;;) {
      const z = latent(random);
      const attributes = Float64Array.from(quantiles, (quantile, k) => quantile(z[k]!));
      if (fits(attributes)) return attributes;
    }
  };
}

const REACH = 5;
const STEPS = 320;

/** z -> the quantile of Beta(a, b) at Phi(z), from a table that is linear between its points. */
function betaTable(a: number, b: number): (z: number) => number {
  const table = Float64Array.from({ length: STEPS + 1 }, (_, i) =>
    betaQuantile(normalCdf(REACH * ((2 * i) / STEPS - 1)), a, b),
  );
  return (z) => {
    const at = ((z + REACH) / (2 * REACH)) * STEPS;
    const i = Math.min(Math.max(Math.floor(at), 0), STEPS - 1);
    const part = Math.min(Math.max(at - i, 0), 1);
    return table[i]! + part * (table[i + 1]! - table[i]!);
  };
}
