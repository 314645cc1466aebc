import { zAt } from "./conditionals.ts";
import type { GeneralRows } from "./general-rows.ts";

/** eta [rows] = offset + X beta + sum over terms of z u; effects: [terms] of [levels][q]. */
export function predictRows(
  { rows, columns, x, offset, terms }: GeneralRows,
  beta: Float64Array,
  effects: readonly Float64Array[],
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    let eta = offset[i]!;
    for (let k = 0; k < columns; k++) eta += x[i * columns + k]! * beta[k]!;
    for (let t = 0; t < terms.length; t++) {
      const term = terms[t]!;
      const at = term.index[i]! * term.size;
      for (let a = 0; a < term.size; a++) eta += zAt(term, i, a) * effects[t]![at + a]!;
    }
    out[i] = eta;
  }
}
