import { choleskyInPlace, solveLower } from "../linear/cholesky.ts";
import type { Conditional } from "./conditionals.ts";
import type { GeneralRows } from "./general-rows.ts";

/** posterior = C (I + C' I C)^-1 C' and shares, level by level; `factor`: C [q][q]. */
export function solvePosterior(
  { information, posterior, shares }: Conditional,
  factor: Float64Array,
  q: number,
): void {
  const m = new Float64Array(q * q);
  const column = new Float64Array(q);
  const half = new Float64Array(q * q);
  for (let at = 0; at < information.length; at += q * q) {
    for (let a = 0; a < q; a++)
      for (let b = 0; b <= a; b++) {
        let sum = a === b ? 1 : 0;
        for (let c = a; c < q; c++)
          for (let d = b; d < q; d++)
            sum += factor[c * q + a]! * information[at + c * q + d]! * factor[d * q + b]!;
        m[a * q + b] = sum;
      }
    if (!choleskyInPlace(m, q)) {
      // rounding in a difference of large sums: as if nothing were known
      m.fill(0);
      for (let a = 0; a < q; a++) m[a * q + a] = 1;
    }
    // half = K^-1 C', so that C M^-1 C' = half' half; the same with C = 1 for the shares
    for (let b = 0; b < q; b++) {
      for (let a = 0; a < q; a++) column[a] = factor[b * q + a]!;
      solveLower(m, q, column);
      for (let a = 0; a < q; a++) half[a * q + b] = column[a]!;
      column.fill(0);
      column[b] = 1;
      solveLower(m, q, column);
      shares[at / q + b] = 1 - column.reduce((s, c) => s + c * c, 0);
    }
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++) {
        let sum = 0;
        for (let c = 0; c < q; c++) sum += half[c * q + a]! * half[c * q + b]!;
        posterior[at + a * q + b] = sum;
      }
  }
}

/** target [width] -= P' W source for one level: P [q][qa], W P precomputed as wp [q][qa], source [q][width]. */
function subtract(
  wp: Float64Array,
  q: number,
  qa: number,
  source: Float64Array,
  from: number,
  width: number,
  target: Float64Array,
  to: number,
): void {
  for (let a = 0; a < qa; a++)
    for (let c = 0; c < q; c++) {
      const w = wp[c * qa + a]!;
      if (w === 0) continue;
      for (let l = 0; l < width; l++) target[to + a * width + l]! -= w * source[from + c * width + l]!;
    }
}

/** Integrates a term's effects out of its ancestors' conditionals, as far as it and they are the integrated children. */
export function integrate(
  problem: GeneralRows,
  conditionals: (Conditional | undefined)[],
  child: readonly number[],
  t: number,
): void {
  const { terms } = problem;
  const term = terms[t]!;
  const { size: q, levels } = term;
  const own = conditionals[t]!;
  let below = t;
  for (let p = 0; p < term.ancestors.length && child[term.ancestors[p]!] === below; p++) {
    const a = term.ancestors[p]!;
    below = a;
    const target = conditionals[a]!;
    const qa = terms[a]!.size;
    const linear = own.columns.length / (levels * q);
    const wp = new Float64Array(q * qa);
    for (let j = 0; j < levels; j++) {
      const to = term.ancestorOf[p]![j]!;
      wp.fill(0);
      for (let c = 0; c < q; c++)
        for (let d = 0; d < q; d++)
          for (let b = 0; b < qa; b++)
            wp[c * qa + b]! += own.posterior[(j * q + c) * q + d]! * own.ancestors[p]![(j * q + d) * qa + b]!;
      subtract(wp, q, qa, own.ancestors[p]!, j * q * qa, qa, target.information, to * qa * qa);
      subtract(wp, q, qa, own.center, j * q, 1, target.center, to * qa);
      if (linear > 0)
        subtract(wp, q, qa, own.columns, j * q * linear, linear, target.columns, to * qa * linear);
      for (let r = p + 1; r < term.ancestors.length; r++) {
        const qr = terms[term.ancestors[r]!]!.size;
        subtract(wp, q, qa, own.ancestors[r]!, j * q * qr, qr, target.ancestors[r - p - 1]!, to * qa * qr);
      }
    }
  }
}

/**
 * posterior (source - sum_a P_a answers_a), ancestors first: the terms' effects or, with columns for `source`, their answers to the linear
 * globals. source and result: [terms] of [levels][q][width]; `given`: the same of terms
 * that are not transported here but may be ancestors.
 */
export function backSubstitute(
  problem: GeneralRows,
  transported: readonly number[],
  conditionals: readonly (Conditional | undefined)[],
  source: (conditional: Conditional) => Float64Array,
  width: number,
  given: readonly (Float64Array | undefined)[],
): (Float64Array | undefined)[] {
  const { terms } = problem;
  const out = [...given];
  for (const t of transported) {
    const { levels, size: q, ancestors, ancestorOf } = terms[t]!;
    const { posterior, ancestors: coupling } = conditionals[t]!;
    const rest = source(conditionals[t]!).slice();
    const result = new Float64Array(levels * q * width);
    for (let j = 0; j < levels; j++) {
      ancestors.forEach((a, p) => {
        const qa = terms[a]!.size;
        const from = ancestorOf[p]![j]! * qa;
        for (let c = 0; c < q; c++)
          for (let b = 0; b < qa; b++) {
            const w = coupling[p]![(j * q + c) * qa + b]!;
            for (let l = 0; l < width; l++)
              rest[(j * q + c) * width + l]! -= w * out[a]![(from + b) * width + l]!;
          }
      });
      for (let c = 0; c < q; c++)
        for (let d = 0; d < q; d++) {
          const w = posterior[(j * q + c) * q + d]!;
          for (let l = 0; l < width; l++)
            result[(j * q + c) * width + l]! += w * rest[(j * q + d) * width + l]!;
        }
    }
    out[t] = result;
  }
  return out;
}
