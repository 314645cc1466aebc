import type { Model } from "@bridgewise/core";
import { type GeneralRows, layOutRows } from "./general-rows.ts";
import { type GeneralStart, startOf } from "./general-start.ts";

/** With the start that its geometry is learned from. */
export interface GeneralProblem extends GeneralRows {
  /** [terms][q] the c of sd = |c sinh x| (density/scale.ts). */
  readonly scales: readonly Float64Array[];
  readonly start: GeneralStart;
}

/** A crossed factor with at most this many effects may join the globals … */
const DENSE_EFFECTS = 50;
/** … where they are known this well from the data, as a mean of 1 - posterior / prior variance. */
const DENSE_SHARE = 0.9;
/** The globals' metric is dense: more effects than this in all cost more than they give. */
const MOST_DENSE = 60;

/** Lays a model of any kind out for sampling. */
export function prepareGeneral(model: Model): GeneralProblem {
  const rows = layOutRows(model);
  const start = startOf(rows);
  const { terms } = rows;
  let room = MOST_DENSE;
  const modes = terms.map((term, t) => {
    const effects = term.levels * term.size;
    const alone = term.ancestors.length === 0 && !terms.some((o) => o.ancestors.includes(t));
    const dense =
      alone &&
      !model.priorOnly &&
      effects <= Math.min(DENSE_EFFECTS, room) &&
      terms.some((o) => o.levels > term.levels) &&
      start.shares[t]!.every((share) => share >= DENSE_SHARE);
    if (dense) room -= effects;
    return dense ? ("dense" as const) : ("transport" as const);
  });
  return {
    ...rows,
    terms: terms.map((term, t) => ({ ...term, mode: modes[t]! })),
    scales: start.sd.map((sds, t) => sds.map((sd, k) => Math.max(sd, start.resolution[t]![k]!))),
    start,
  };
}
