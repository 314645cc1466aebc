import type { Problem } from "../problem.ts";

/** A dense term: its levels are linear globals from `at` on. */
export interface DenseColumns {
  readonly term: { readonly index: Int32Array };
  readonly at: number;
}

/** [shifted levels x linear] sums of weight x (linear columns) over the rows of each shifted level. */
export function sumColumns(
  problem: Problem,
  dense: readonly DenseColumns[],
  linear: number,
  index: Int32Array,
  responseOf: Int32Array,
  shifted: number,
  weight: Float64Array,
): Float64Array {
  const { rows, columns, x } = problem;
  const out = new Float64Array(shifted * linear);
  if (shifted === 0) return out;
  for (let i = 0; i < rows; i++) {
    const row = responseOf[index[i]!]!;
    if (row < 0) continue;
    const w = weight[i]!;
    const at = row * linear;
    for (let k = 0; k < columns; k++) out[at + k]! += w * x[i * columns + k]!;
    for (const d of dense) out[at + d.at + d.term.index[i]!]! += w;
  }
  return out;
}
