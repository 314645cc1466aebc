import { priorPrecision } from "../density/prior.ts";
import { betaPrior, type Problem } from "../problem.ts";
import { type DenseColumns, sumColumns } from "./column-sums.ts";
import { answerOf } from "./cross-responses.ts";
import type { Layout } from "./layout.ts";
import type { Transport } from "./transport.ts";

/** X'V (X + Z dU/dX): the information about the linear globals with every transported effect integrated out. */
export function linearPrecision(
  problem: Problem,
  layout: Layout,
  tau2: readonly number[],
  transports: readonly (Transport | undefined)[],
  dense: readonly DenseColumns[],
  v: Float64Array,
): Float64Array {
  const { rows, columns, x, terms } = problem;
  const { linear } = layout;
  const out = new Float64Array(linear * linear);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const w = v[i]! * x[i * columns + k]!;
      if (w === 0) continue;
      for (let l = 0; l < columns; l++) out[k * linear + l]! += w * x[i * columns + l]!;
      for (const d of dense) out[(d.at + d.term.index[i]!) * linear + k]! += w;
    }
    for (const d of dense)
      for (const e of dense) out[(d.at + d.term.index[i]!) * linear + e.at + e.term.index[i]!]! += v[i]!;
  }
  for (const d of dense) {
    for (let k = 0; k < columns; k++) {
      for (let j = d.at; j < linear; j++) out[k * linear + j] = out[j * linear + k]!;
    }
  }
  // total answers, parents before children
  const answers: Float64Array[] = [];
  for (const t of layout.transported) {
    const { responseOf, responses } = transports[t]!;
    const { parent, index } = terms[t]!;
    const shifted = responses.length / linear;
    const answer = answerOf(problem, layout, t, { tau2, transports, above: answers[parent] });
    answers[t] = answer;
    const sums = sumColumns(problem, dense, linear, index, responseOf, shifted, v);
    for (let row = 0; row < shifted; row++) {
      for (let a = 0; a < linear; a++) {
        const s = sums[row * linear + a]!;
        if (s === 0) continue;
        for (let b = 0; b < linear; b++) out[a * linear + b]! += s * answer[row * linear + b]!;
      }
    }
  }
  for (let a = 0; a < linear; a++) {
    for (let b = 0; b < a; b++) {
      const mean = 0.5 * (out[a * linear + b]! + out[b * linear + a]!);
      out[a * linear + b] = mean;
      out[b * linear + a] = mean;
    }
  }
  for (let k = 0; k < columns; k++) {
    const prior = betaPrior(problem, k);
    out[k * linear + k]! += priorPrecision(prior);
  }
  terms.forEach((term, t) => {
    const at = layout.linearOf[t]!;
    if (at >= 0) for (let j = 0; j < term.levels; j++) out[(at + j) * linear + at + j]! += 1 / tau2[t]!;
  });
  return out;
}
