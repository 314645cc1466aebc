import type { Prior } from "@bridgewise/core";
import { betaPrior, type Problem } from "../problem.ts";

/**
 * Which effects of a gaussian model are integrated out and how (DESIGN 4.2): a chain of at most two nested terms in closed form, all
 * other terms as a dense block of linear parameters beside beta.
 */
export interface CollapsedPlan {
  /** Finest term of the chain, or -1 where the model has no group term. */
  readonly child: number;
  /** Its parent, or -1. */
  readonly parent: number;
  /** The other terms. */
  readonly dense: readonly number[];
  /** Linear parameters: beta, then the dense effects. */
  readonly linear: number;
  /** [terms] first linear parameter of a dense term, or -1. */
  readonly linearOf: readonly number[];
}

/**
 * Above this a dense block's Cholesky factor and summed matrices cost more than the latents would: 10,000 rows with 20, 50, 100 and 150 items
 * crossed with raters took 0.7, 1.3, 4.0 and 17 s collapsed, 1.0, 1.3, 1.8 and 1.1 s in the latent space, for about the same ESS.
 */
const MOST_LINEAR = 60;
/** The latents' cost grows with the rows, the block's with the cube of its size: with n rows up to (40 n)^(1/3) are worth while, too. */
const CUBE_PER_ROW = 40;
/** And never more than this: some hundred summed matrices are kept. */
const MOST_LINEAR_EVER = 100;

const worthWhile = (linear: number, rows: number): boolean =>
  linear <= MOST_LINEAR || (linear <= MOST_LINEAR_EVER && linear ** 3 <= CUBE_PER_ROW * rows);

/** Priors of linear parameters that are normal given a scale, or flat: these alone can be integrated. */
const CONJUGATE: ReadonlySet<Prior["kind"]> = new Set(["flat", "normal", "student_t", "cauchy"]);

/** The plan, or undefined where the model has to be sampled with its latents. */
export function planCollapsed(problem: Problem): CollapsedPlan | undefined {
  if (!problem.gaussian) return undefined;
  for (let k = 0; k < problem.columns; k++) if (!CONJUGATE.has(betaPrior(problem, k).kind)) return undefined;
  const { terms } = problem;
  let child = -1;
  terms.forEach((term, t) => {
    const leaf = !terms.some((other) => other.parent === t);
    if (leaf && (child < 0 || term.levels > terms[child]!.levels)) child = t;
  });
  const parent = child < 0 ? -1 : terms[child]!.parent;
  const dense = terms.map((_, t) => t).filter((t) => t !== child && t !== parent);
  let linear = problem.columns;
  const linearOf = terms.map((term, t) => {
    if (!dense.includes(t)) return -1;
    linear += term.levels;
    return linear - term.levels;
  });
  return !worthWhile(linear, problem.rows) ? undefined : { child, parent, dense, linear, linearOf };
}

/** Parents with the same numbers of children of each size share all weights, so their outer products are summed once. */
export interface Composition {
  /** Positions in `sizes`, ascending. */
  readonly sizes: readonly number[];
  /** How many children of each of these sizes. */
  readonly counts: readonly number[];
  parents: number;
  /** Position of its first matrix; then one for each pair (a, b <= a) of its sizes. */
  readonly matrix: number;
}

/**
 * The data, summed: with v_i = (y_i - shift, x_i, indicators_i), matrix 0 is sum v v' over all rows; then for each group size n the sum of
 * S S' over the child groups of n rows, S the group's sum of v; then for each composition and pair of sizes the symmetrised sum of
 * outer products of the parents' sums by size. All are lower triangles, packed by rows.
 */
export interface CollapsedSums {
  readonly dimension: number;
  readonly packed: number;
  readonly matrices: Float64Array;
  readonly count: number;
  /** Distinct sizes of the child groups, ascending, and how many groups have each. */
  readonly sizes: readonly number[];
  readonly groups: readonly number[];
  readonly compositions: readonly Composition[];
  readonly shift: number;
  /** [child levels x dimension] and [child levels], where the child's effects are to be drawn. */
  readonly childSums: Float64Array | undefined;
  readonly childRows: Int32Array;
  /** [parent levels x sizes x dimension] and [parent levels x sizes] counts, where the parent's effects are to be drawn. */
  readonly parentSums: Float64Array | undefined;
  readonly parentCounts: Int32Array | undefined;
}

/** More numbers than this and the pass over the matrices costs more than one over the rows. */
const MOST_NUMBERS = 3_000_000;

/** One pass over the rows; undefined where the groups are too irregular for the sums to be small. */
export function sumCollapsed(
  problem: Problem,
  plan: CollapsedPlan,
  drawLevels: number,
): CollapsedSums | undefined {
  const { rows, columns, x, y, terms } = problem;
  const dimension = 1 + plan.linear;
  const packed = (dimension * (dimension + 1)) / 2;
  const shift = problem.model.intercept ? y.reduce((s, v) => s + v, 0) / rows : 0;
  const child = plan.child < 0 ? undefined : terms[plan.child]!;
  const parent = plan.parent < 0 ? undefined : terms[plan.parent]!;

  // sizes and compositions first: they tell how many matrices there are
  const childRows = new Int32Array(child?.levels ?? 0);
  if (child) for (let i = 0; i < rows; i++) childRows[child.index[i]!]!++;
  const sizes = [...new Set(childRows)].sort((a, b) => a - b);
  const sizeOf = new Map(sizes.map((n, s) => [n, s]));
  const groups = sizes.map((n) => childRows.reduce((count, r) => count + (r === n ? 1 : 0), 0));
  let count = 1 + sizes.length;
  const compositions: Composition[] = [];
  const compositionOf = new Int32Array(parent?.levels ?? 0);
  const counts = new Int32Array((parent?.levels ?? 0) * sizes.length);
  if (child && parent) {
    for (let c = 0; c < child.levels; c++)
      counts[child.parentOf![c]! * sizes.length + sizeOf.get(childRows[c]!)!]!++;
    const known = new Map<string, number>();
    for (let p = 0; p < parent.levels; p++) {
      const own = counts.subarray(p * sizes.length, (p + 1) * sizes.length);
      const key = own.join(",");
      let q = known.get(key);
      if (q === undefined) {
        q = compositions.length;
        known.set(key, q);
        const present = sizes.map((_, s) => s).filter((s) => own[s]! > 0);
        compositions.push({ sizes: present, counts: present.map((s) => own[s]!), parents: 0, matrix: count });
        count += (present.length * (present.length + 1)) / 2;
      }
      compositions[q]!.parents++;
      compositionOf[p] = q;
      if (count * packed > MOST_NUMBERS) return undefined;
    }
  }
  if (count * packed > MOST_NUMBERS) return undefined;

  const matrices = new Float64Array(count * packed);
  const addOuter = (
    m: number,
    a: Float64Array,
    ao: number,
    b: Float64Array,
    bo: number,
    symmetric: boolean,
  ): void => {
    let at = m * packed;
    for (let i = 0; i < dimension; i++) {
      const ai = a[ao + i]!;
      const bi = b[bo + i]!;
      if (symmetric) {
        if (ai === 0) at += i + 1;
        else for (let j = 0; j <= i; j++) matrices[at++]! += ai * a[ao + j]!;
      } else for (let j = 0; j <= i; j++) matrices[at++]! += ai * b[bo + j]! + bi * a[ao + j]!;
    }
  };
  const v = new Float64Array(dimension);
  const childSum = new Float64Array((child?.levels ?? 0) * dimension);
  for (let i = 0; i < rows; i++) {
    v.fill(0);
    v[0] = y[i]! - shift;
    for (let k = 0; k < columns; k++) v[1 + k] = x[i * columns + k]!;
    for (const t of plan.dense) v[1 + plan.linearOf[t]! + terms[t]!.index[i]!] = 1;
    addOuter(0, v, 0, v, 0, true);
    if (child) {
      const at = child.index[i]! * dimension;
      for (let k = 0; k < dimension; k++) childSum[at + k]! += v[k]!;
    }
  }
  const parentSum = new Float64Array((parent?.levels ?? 0) * sizes.length * dimension);
  if (child) {
    for (let c = 0; c < child.levels; c++) {
      const s = sizeOf.get(childRows[c]!)!;
      addOuter(1 + s, childSum, c * dimension, childSum, c * dimension, true);
      if (!parent) continue;
      const at = (child.parentOf![c]! * sizes.length + s) * dimension;
      for (let k = 0; k < dimension; k++) parentSum[at + k]! += childSum[c * dimension + k]!;
    }
  }
  if (parent) {
    for (let p = 0; p < parent.levels; p++) {
      const composition = compositions[compositionOf[p]!]!;
      let m = composition.matrix;
      composition.sizes.forEach((a, i) => {
        for (let j = 0; j <= i; j++) {
          const at = (p * sizes.length + a) * dimension;
          const bt = (p * sizes.length + composition.sizes[j]!) * dimension;
          addOuter(m++, parentSum, at, parentSum, bt, i === j);
        }
      });
    }
  }
  return {
    dimension,
    packed,
    matrices,
    count,
    sizes,
    groups,
    compositions,
    shift,
    childSums: child && child.levels <= drawLevels ? childSum : undefined,
    childRows,
    parentSums: parent && parent.levels <= drawLevels ? parentSum : undefined,
    parentCounts: parent && parent.levels <= drawLevels ? counts : undefined,
  };
}
