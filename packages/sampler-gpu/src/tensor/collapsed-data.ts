import type { CollapsedPlan, CollapsedSums } from "../density/collapsed-plan.ts";
import type { Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import { type Arrays, floats, type HostArray, integers } from "./arrays.ts";

/** Inputs that no geometry changes: how the matrices' coefficients are made of the groups' sizes (collapsed-plan.ts). */
export function collapsedData(plan: CollapsedPlan, sums: CollapsedSums): Arrays {
  const out: Record<string, HostArray> = {};
  if (plan.child < 0) return out;
  const n = sums.sizes.length;
  out["sizes"] = floats([1, n], sums.sizes);
  out["groups"] = floats([1, n], sums.groups);
  if (plan.parent < 0) return out;
  const { compositions } = sums;
  const rows = new Float64Array(n * compositions.length);
  const pairs: { composition: number; a: number; b: number }[] = [];
  compositions.forEach((composition, q) => {
    composition.sizes.forEach((s, i) => {
      rows[s * compositions.length + q] = composition.counts[i]! * sums.sizes[s]!;
      for (let j = 0; j <= i; j++) pairs.push({ composition: q, a: s, b: composition.sizes[j]! });
    });
  });
  out["compositionRows"] = floats([n, compositions.length], rows);
  out["parents"] = floats(
    [1, compositions.length],
    compositions.map((c) => c.parents),
  );
  const index = (of: (pair: (typeof pairs)[number]) => number): HostArray =>
    integers([pairs.length], pairs.map(of));
  out["pairComposition"] = index((p) => p.composition);
  out["pairA"] = index((p) => p.a);
  out["pairB"] = index((p) => p.b);
  return out;
}

/**
 * The summed matrices around the reference: of v = (residual at the reference, columns), so that a form v' M v in (1, -delta) is a
 * constant, kept apart ("constants" [1, matrices]), and a rest that is small near the reference ("matrices" [dimension, matrices x dimension],
 * the constants' places 0).
 */
export function collapsedGeometry(
  layout: Layout,
  sums: CollapsedSums,
  intercept: boolean,
  { reference }: Geometry,
): Arrays {
  const { dimension: d, packed, count } = sums;
  const ref = Float64Array.from(layout.linearAt, (at) => reference!.theta[at]!);
  if (intercept) ref[0]! -= sums.shift;
  const matrices = new Float64Array(d * count * d);
  const constants = new Float64Array(count);
  const full = new Float64Array(d * d);
  for (let m = 0; m < count; m++) {
    for (let i = 0, at = m * packed; i < d; i++)
      for (let j = 0; j <= i; j++, at++) {
        full[i * d + j] = sums.matrices[at]!;
        full[j * d + i] = sums.matrices[at]!;
      }
    // column 0 less the columns times the reference, then row 0 likewise
    for (let i = 0; i < d; i++) for (let k = 1; k < d; k++) full[i * d]! -= full[i * d + k]! * ref[k - 1]!;
    for (let k = 1; k < d; k++) full[0]! -= full[k * d]! * ref[k - 1]!;
    for (let k = 1; k < d; k++) full[k] = full[k * d]!;
    constants[m] = full[0]!;
    full[0] = 0;
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) matrices[i * count * d + m * d + j] = full[i * d + j]!;
  }
  return {
    matrices: floats([d, count * d], matrices),
    constants: floats([1, count], constants),
  };
}
