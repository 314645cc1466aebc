import { integrate, solvePosterior } from "./elimination.ts";
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
