import { choleskyInPlace, solveLower } from "../linear/cholesky.ts";
import type { GeneralRows, GeneralTerm } from "./general-rows.ts";
import type { RowCurvature } from "./row-curvature.ts";

/**
 * What the rows, seen to second order, say of a term's effects: level j's, given its ancestors' u_a and the linear globals' departure d,
 * have log likelihood -u' I u / 2 + u' (h - X d - sum_a P_a u_a), the integrated descendants' effects integrated out.
 */
export interface Conditional {
  /** [levels][q][q] I */
  readonly information: Float64Array;
  /** [levels][q] h */
  readonly center: Float64Array;
  /** [ancestors] of [levels][q][q_a] P_a */
  readonly ancestors: readonly Float64Array[];
  /** [levels][q][linear] X; empty where the linear globals are not asked for. */
  readonly columns: Float64Array;
  /** [levels][q][q] covariance of u given ancestors and linear globals: C (I + C' I C)^-1 C'. */
  readonly posterior: Float64Array;
  /** [levels][q] diagonal of 1 - (I + C' I C)^-1: 0 unknown, 1 known from the data alone. */
  readonly shares: Float64Array;
}

/** Dense terms and thresholds among the linear globals. */
export interface LinearGlobals {
  readonly linear: number;
  readonly linearOf: readonly number[];
  readonly linearThresholds: number;
  readonly transported: readonly number[];
}

/** z of row i and coefficient a. */
export const zAt = ({ z, size }: GeneralTerm, i: number, a: number): number =>
  z === undefined ? 1 : z[i * size + a]!;

/** The child of each term that is integrated out beneath it: the one with most levels, so that no row counts for less than nothing. */
export function integratedChild(terms: readonly GeneralTerm[], transported: readonly number[]): number[] {
  return terms.map((_, t) => {
    const children = transported.filter((c) => terms[c]!.ancestors[0] === t && transported.includes(t));
    return children.reduce((best, c) => (best < 0 || terms[c]!.levels > terms[best]!.levels ? c : best), -1);
  });
}

/** Terms whose effects are variables of t's conditional: its ancestors, itself, its integrated descendants. */
export function lineageOf(terms: readonly GeneralTerm[], child: readonly number[], t: number): Set<number> {
  const lineage = new Set([t, ...terms[t]!.ancestors]);
  for (let c = child[t]!; c >= 0; c = child[c]!) lineage.add(c);
  return lineage;
}

/** Adds row i's linear columns times its weight and `by` to out[at], …. */
export function addColumns(
  problem: GeneralRows,
  { linearOf, linearThresholds }: LinearGlobals,
  { weight, below, above }: RowCurvature,
  i: number,
  by: number,
  out: Float64Array,
  at: number,
): void {
  const { columns, x, y, terms, thresholds } = problem;
  const v = by * weight[i]!;
  for (let k = 0; k < columns; k++) out[at + k]! += v * x[i * columns + k]!;
  for (let d = 0; d < terms.length; d++) {
    if (linearOf[d]! < 0) continue;
    const term = terms[d]!;
    const from = at + linearOf[d]! + term.index[i]! * term.size;
    for (let a = 0; a < term.size; a++) out[from + a]! += v * zAt(term, i, a);
  }
  if (thresholds === 0) return;
  const category = y[i]!;
  const first = at + linearThresholds;
  if (category > 1) out[first + category - 2]! -= by * below[i]!;
  if (category <= thresholds) out[first + category - 1]! -= by * above[i]!;
}

/** Sums over rows of each level, nothing eliminated yet; `answers`: [terms] of [levels][q][linear], what other terms' effects answer to d. */
function sumRows(
  problem: GeneralRows,
  globals: LinearGlobals,
  curvature: RowCurvature,
  effects: readonly Float64Array[],
  t: number,
  lineage: ReadonlySet<number>,
  withColumns: boolean,
  answers: readonly (Float64Array | undefined)[],
): Conditional {
  const { rows, terms } = problem;
  const term = terms[t]!;
  const { levels, size: q, index } = term;
  const { linear } = globals;
  const information = new Float64Array(levels * q * q);
  const center = new Float64Array(levels * q);
  const columns = new Float64Array(withColumns ? levels * q * linear : 0);
  const ancestors = term.ancestors.map((a) => new Float64Array(levels * q * terms[a]!.size));
  const others = terms.flatMap((_, s) => (!lineage.has(s) && answers[s] !== undefined ? [s] : []));
  const own = [...lineage];
  const { priorOnly } = problem.model;
  for (let i = 0; i < (priorOnly ? 0 : rows); i++) {
    const v = curvature.weight[i]!;
    let pull = curvature.score[i]!;
    for (const s of own) {
      const other = terms[s]!;
      const from = other.index[i]! * other.size;
      for (let b = 0; b < other.size; b++) pull += v * zAt(other, i, b) * effects[s]![from + b]!;
    }
    const j = index[i]!;
    for (let a = 0; a < q; a++) {
      const za = zAt(term, i, a);
      const row = j * q + a;
      center[row]! += za * pull;
      for (let b = 0; b < q; b++) information[row * q + b]! += v * za * zAt(term, i, b);
      term.ancestors.forEach((s, p) => {
        const other = terms[s]!;
        for (let b = 0; b < other.size; b++)
          ancestors[p]![row * other.size + b]! += v * za * zAt(other, i, b);
      });
      if (!withColumns) continue;
      addColumns(problem, globals, curvature, i, za, columns, row * linear);
      for (const s of others) {
        const other = terms[s]!;
        const answer = answers[s]!;
        for (let b = 0; b < other.size; b++) {
          const w = v * za * zAt(other, i, b);
          const from = (other.index[i]! * other.size + b) * linear;
          for (let l = 0; l < linear; l++) columns[row * linear + l]! += w * answer[from + l]!;
        }
      }
    }
  }
  return {
    information,
    center,
    ancestors,
    columns,
    posterior: new Float64Array(levels * q * q),
    shares: new Float64Array(levels * q),
  };
}

/** posterior = C (I + C' I C)^-1 C' and shares, level by level; `factor`: C [q][q]. */
function solvePosterior(
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
function integrate(
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

/** The conditionals of all transported terms, descendants first integrated out of their ancestors. `factors`: [terms] C, [q][q] lower. */
export function conditionalsOf(
  problem: GeneralRows,
  globals: LinearGlobals,
  curvature: RowCurvature,
  factors: readonly Float64Array[],
  effects: readonly Float64Array[],
  withColumns: boolean,
  answers: readonly (Float64Array | undefined)[] = [],
): (Conditional | undefined)[] {
  const { terms } = problem;
  const child = integratedChild(terms, globals.transported);
  const out: (Conditional | undefined)[] = terms.map(() => undefined);
  for (const t of globals.transported)
    out[t] = sumRows(
      problem,
      globals,
      curvature,
      effects,
      t,
      lineageOf(terms, child, t),
      withColumns,
      answers,
    );
  for (const t of globals.transported.toReversed()) {
    solvePosterior(out[t]!, factors[t]!, terms[t]!.size);
    integrate(problem, out, child, t);
  }
  return out;
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
