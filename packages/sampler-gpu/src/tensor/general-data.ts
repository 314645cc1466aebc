import { familyOf } from "@bridgewise/core";
import type { Geometry } from "../engine.ts";
import type { GeneralLayout } from "../general/general-layout.ts";
import type { GeneralProblem } from "../general/general-problem.ts";
import { predictRows } from "../general/predict-rows.ts";
import { type Arrays, floats, type HostArray } from "./arrays.ts";
import { familyData, familyGeometry } from "./family-rows.ts";
import { Grouping } from "./grouping.ts";

/** How levels spread over rows, and over the levels that are nested in them. */
export interface GeneralData {
  /** [terms] rows in a transported term's levels. */
  readonly ofRows: readonly (Grouping | undefined)[];
  /** [terms][ancestors] levels in their ancestor's. */
  readonly ofLevels: readonly (readonly Grouping[])[];
  /** Inputs that no geometry changes. */
  readonly arrays: Arrays;
}

/** Number of linear globals that rows see: all but the thresholds. */
export const rowLinear = ({ linearThresholds }: GeneralLayout): number => linearThresholds;

export function layOutGeneral(problem: GeneralProblem, layout: GeneralLayout): GeneralData {
  const { rows, columns, x, terms } = problem;
  const transported = terms.map((_, t) => layout.latentAt[t]! >= 0);
  const ofRows = terms.map((term, t) =>
    transported[t] ? Grouping.by(`rows${t}`, term.levels, term.index) : undefined,
  );
  const ofLevels = terms.map((term, t) =>
    transported[t]
      ? term.ancestors.map((a, p) => Grouping.by(`levels${t}_${p}`, terms[a]!.levels, term.ancestorOf[p]!))
      : [],
  );
  const linear = rowLinear(layout);
  const design = new Float64Array(linear * rows);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) design[k * rows + i] = x[i * columns + k]!;
    terms.forEach(({ size, index, z }, t) => {
      const first = layout.linearOf[t]!;
      if (first < 0) return;
      for (let a = 0; a < size; a++)
        design[(first + index[i]! * size + a) * rows + i] = z === undefined ? 1 : z[i * size + a]!;
    });
  }
  const arrays: Record<string, HostArray> = {};
  if (linear > 0) arrays["design"] = floats([linear, rows], design);
  terms.forEach(({ size, z }, t) => {
    if (!transported[t] || z === undefined) return;
    for (let a = 0; a < size; a++)
      arrays[`z${t}_${a}`] = floats(
        [1, rows],
        Float64Array.from({ length: rows }, (_, i) => z[i * size + a]!),
      );
  });
  for (const grouping of [...ofRows, ...ofLevels.flat()]) Object.assign(arrays, grouping?.arrays);
  return { ofRows, ofLevels, arrays: { ...arrays, ...familyData(problem) } };
}

/**
 * Inputs of one geometry: the metric, its mean less the reference (`centre`); of each transported term its information [q][q], centre [q],
 * responses [q] and couplings to its ancestors; of the rows the linear predictor at the reference.
 */
export function generalGeometry(
  problem: GeneralProblem,
  layout: GeneralLayout,
  { metric, general }: Geometry,
): Arrays {
  const n = layout.globals;
  const { mean, factor } = metric;
  const reference = general!;
  const transposed = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) transposed[b * n + a] = factor[a * n + b]!;
  const from = referenceOf(problem, layout, mean, reference.linear);
  const out: Record<string, HostArray> = {
    factorT: floats([n, n], transposed),
    centre: floats(
      [1, n],
      mean.map((m, k) => m - from[k]!),
    ),
    reference: floats([1, n], from),
  };
  for (const t of layout.transported) {
    const { levels, size: q, ancestors } = problem.terms[t]!;
    const { information, center, responseOf, responses, ancestors: couplings } = reference.transports[t]!;
    const own = (values: Float64Array, width: number, at: number): HostArray =>
      floats(
        [1, levels],
        Float64Array.from({ length: levels }, (_, j) => values[j * width + at]!),
      );
    for (let a = 0; a < q; a++) {
      out[`centre${t}_${a}`] = own(center, q, a);
      for (let b = 0; b <= a; b++) out[`information${t}_${a}_${b}`] = own(information, q * q, a * q + b);
      const response = new Float64Array(layout.linear * levels);
      responseOf.forEach((row, j) => {
        for (let l = 0; row >= 0 && l < layout.linear; l++)
          response[l * levels + j] = responses[(row * q + a) * layout.linear + l]!;
      });
      if (layout.linear > 0) out[`response${t}_${a}`] = floats([layout.linear, levels], response);
      ancestors.forEach((above, p) => {
        const width = problem.terms[above]!.size;
        for (let b = 0; b < width; b++)
          out[`coupling${t}_${p}_${a}_${b}`] = own(couplings[p]!, q * width, a * width + b);
      });
    }
  }
  const effects = problem.terms.map(({ levels, size }, t) => {
    const first = layout.linearOf[t]!;
    return first < 0 ? new Float64Array(levels * size) : reference.linear.slice(first, first + levels * size);
  });
  const eta = new Float64Array(problem.rows);
  predictRows(problem, reference.linear.subarray(0, problem.columns), effects, eta);
  return { ...out, ...familyGeometry(problem, layout, reference, eta) };
}

/** [globals] what each is told as a departure from: coefficients and dense effects, and the family's parameters, from the reference. */
function referenceOf(
  { columns, terms, family }: GeneralProblem,
  layout: GeneralLayout,
  mean: Float64Array,
  linear: Float64Array,
): Float64Array {
  const out = new Float64Array(layout.globals);
  out.set(linear.subarray(0, columns));
  terms.forEach(({ levels, size }, t) => {
    const first = layout.linearOf[t]!;
    if (first >= 0) out.set(linear.subarray(first, first + levels * size), layout.denseAt[t]!);
  });
  familyOf(family).parameters.forEach((_, p) => {
    out[layout.family + p] = mean[layout.family + p]!;
  });
  return out;
}
