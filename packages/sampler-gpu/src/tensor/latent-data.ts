import type { Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import { type Arrays, floats, type HostArray } from "./arrays.ts";
import { fitsRectangle, Grouping, groupSizes } from "./grouping.ts";

/** Linear predictor of a gap in the rectangle of rows: exp of its negative overflows, so that its likelihood and residual are exactly 0. */
const GAP = -1000;

/** Where the rows stand, and which way each group term spreads over them. */
export interface LatentData {
  /** Places of rows, gaps included. */
  readonly rows: number;
  /** [problem rows] place of each. */
  readonly placeOf: Int32Array;
  /** [terms] rows of a leaf term in its levels. */
  readonly ofRows: readonly (Grouping | undefined)[];
  /** [terms] levels of a nested term in its parent's. */
  readonly ofLevels: readonly (Grouping | undefined)[];
  /** Inputs that no geometry changes. */
  readonly arrays: Arrays;
}

/** Lays rows out in the rectangle of the largest leaf term that wastes little, or as they are. */
export function layOutRows(problem: Problem, layout: Layout): LatentData {
  const { terms, rows: n, columns, x, y, gaussian } = problem;
  const leaves = layout.transported.filter((t) => terms[t]!.leaf);
  let padded = -1;
  let width = 0;
  for (const t of leaves) {
    const { levels, index } = terms[t]!;
    const most = groupSizes(levels, index).reduce((a, b) => Math.max(a, b), 0);
    if (fitsRectangle(levels, most, n) && (padded < 0 || levels > terms[padded]!.levels)) {
      padded = t;
      width = most;
    }
  }
  const rows = padded < 0 ? n : terms[padded]!.levels * width;
  const placeOf = new Int32Array(n);
  const filled = new Int32Array(padded < 0 ? 0 : terms[padded]!.levels);
  for (let i = 0; i < n; i++) {
    const level = padded < 0 ? -1 : terms[padded]!.index[i]!;
    placeOf[i] = level < 0 ? i : level * width + filled[level]!++;
  }
  const place = (values: Int32Array): Int32Array => {
    const out = new Int32Array(rows).fill(-1);
    for (let i = 0; i < n; i++) out[placeOf[i]!] = values[i]!;
    return out;
  };
  const ofRows = terms.map((term, t) => {
    if (!leaves.includes(t)) return undefined;
    return t === padded
      ? Grouping.padded(`rows${t}`, term.levels, width)
      : Grouping.by(`rows${t}`, term.levels, place(term.index));
  });
  const ofLevels = terms.map((term, t) =>
    term.mode === "transport" && term.parentOf
      ? Grouping.by(`levels${t}`, terms[term.parent]!.levels, term.parentOf)
      : undefined,
  );

  const { linear } = layout;
  const design = new Float64Array(linear * rows);
  const transposed = new Float64Array(rows * linear);
  const put = (k: number, i: number, value: number): void => {
    design[k * rows + i] = value;
    transposed[i * linear + k] = value;
  };
  const response = new Float64Array(rows);
  const real = new Float64Array(rows);
  for (let i = 0; i < n; i++) {
    const at = placeOf[i]!;
    real[at] = 1;
    response[at] = y[i]!;
    for (let k = 0; k < columns; k++) put(k, at, x[i * columns + k]!);
    terms.forEach((term, t) => {
      if (layout.linearOf[t]! >= 0) put(layout.linearOf[t]! + term.index[i]!, at, 1);
    });
  }
  const arrays: Record<string, HostArray> = {
    design: floats([linear, rows], design),
    designT: floats([rows, linear], transposed),
  };
  if (!gaussian) arrays["y"] = floats([1, rows], response);
  else if (rows > n) arrays["real"] = floats([1, rows], real);
  for (const grouping of [...ofRows, ...ofLevels]) Object.assign(arrays, grouping?.arrays);
  return { rows, placeOf, ofRows, ofLevels, arrays };
}

/**
 * Inputs of one geometry. `offset`: the linear predictor at the reference, taken from y for a gaussian response, [1, rows]; for each
 * transported term its information, its centre (the parent's mode added) and, where `shifts` says so, its responses.
 */
export function latentGeometry(
  problem: Problem,
  layout: Layout,
  data: LatentData,
  shifts: readonly boolean[],
  { reference }: Geometry,
): Arrays {
  const { terms, rows: n, columns, x, y, gaussian } = problem;
  const { linear } = layout;
  const theta = reference!.theta;
  const offset = new Float64Array(data.rows).fill(gaussian ? 0 : GAP);
  const dense = terms.flatMap(({ index }, t) =>
    layout.denseAt[t]! < 0 ? [] : [{ index, at: layout.denseAt[t]! }],
  );
  for (let i = 0; i < n; i++) {
    let eta = 0;
    for (let k = 0; k < columns; k++) eta += x[i * columns + k]! * theta[k]!;
    for (const { index, at } of dense) eta += theta[at + index[i]!]!;
    offset[data.placeOf[i]!] = gaussian ? y[i]! - eta : eta;
  }
  const out: Record<string, HostArray> = { offset: floats([1, data.rows], offset) };
  for (const t of layout.transported) {
    const { levels, parent, parentOf } = terms[t]!;
    const { information, center, responseOf, responses } = reference!.transports[t]!;
    const above = parent < 0 ? undefined : reference!.transports[parent]!.mode;
    out[`information${t}`] = floats([1, levels], information);
    out[`centre${t}`] = floats(
      [1, levels],
      center.map((a, j) => a + (above ? above[parentOf![j]!]! : 0)),
    );
    if (!shifts[t]) continue;
    const forward = new Float64Array(linear * levels);
    const backward = new Float64Array(levels * linear);
    responseOf.forEach((row, j) => {
      if (row < 0) return;
      for (let k = 0; k < linear; k++) {
        forward[k * levels + j] = responses[row * linear + k]!;
        backward[j * linear + k] = responses[row * linear + k]!;
      }
    });
    out[`responses${t}`] = floats([linear, levels], forward);
    out[`responsesT${t}`] = floats([levels, linear], backward);
  }
  return out;
}

/** [terms] whether any level of the term follows the linear globals. */
export const shiftsOf = (layout: Layout, { reference }: Geometry): boolean[] =>
  Array.from({ length: layout.terms }, (_, t) => (reference!.transports[t]?.responses.length ?? 0) > 0);
