import { type Estimate, sumOf } from "./estimate.ts";
import type { LooPointwise } from "./loo.ts";

export interface Waic {
  readonly elpd: Estimate;
  readonly p: Estimate;
  readonly waic: Estimate;
  /** Observations with p above 0.4, for which WAIC is not to be trusted (the limit of loo's `waic`). */
  readonly unreliable: number;
}

const LARGEST_P = 0.4;

/** The widely applicable information criterion (Watanabe 2010, JMLR 11) as loo's `waic`, from the same pass as PSIS-LOO. */
export function waicOf({ elpd, p, pWaic }: LooPointwise): Waic {
  // lpd = elpd_loo + p_loo
  const pointwise = elpd.map((value, i) => value + p[i]! - pWaic[i]!);
  return {
    elpd: sumOf(pointwise),
    p: sumOf(pWaic),
    waic: sumOf(pointwise.map((value) => -2 * value)),
    unreliable: pWaic.reduce((n, value) => n + (value > LARGEST_P ? 1 : 0), 0),
  };
}
