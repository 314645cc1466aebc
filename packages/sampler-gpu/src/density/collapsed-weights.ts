import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";

/** [matrices][lanes] coefficients of the summed matrices in v' V^-1 v, and their derivatives in log sigma and in the log sds of child and parent. */
export interface Coefficients {
  readonly coefficient: Float64Array;
  readonly bySigma: Float64Array;
  readonly byChild: Float64Array;
  readonly byParent: Float64Array;
}

/** log |V| and its derivatives in the same three. */
export interface LogDeterminant {
  readonly value: number;
  readonly sigma: number;
  readonly child: number;
  readonly parent: number;
}

/**
 * One lane's coefficients into `into`, and log |V|, V = sigma^2 I + tc2 (child blocks) + tp2 (parent blocks) (DESIGN 4.2). tc2, tp2: variances
 * of child and parent, 0 where there is none.
 */
export function collapsedWeights(
  plan: CollapsedPlan,
  sums: CollapsedSums,
  rows: number,
  logSigma: number,
  tc2: number,
  tp2: number,
  { coefficient, bySigma, byChild, byParent }: Coefficients,
  lanes: number,
  lane: number,
): LogDeterminant {
  const s2 = Math.exp(2 * logSigma);
  let value = 0;
  let sigma = 0;
  let child = 0;
  let parent = 0;
  coefficient[lane] = 1 / s2;
  bySigma[lane] = -2 / s2;
  byChild[lane] = 0;
  byParent[lane] = 0;
  if (plan.child < 0) return { value: 2 * rows * logSigma, sigma: 2 * rows, child, parent };
  // c_n = 1 / (sigma^2 + n tau_c^2)
  const c = new Float64Array(sums.sizes.length);
  const cs = new Float64Array(sums.sizes.length);
  const cc = new Float64Array(sums.sizes.length);
  sums.sizes.forEach((n, s) => {
    const d = s2 + n * tc2;
    const cn = 1 / d;
    c[s] = cn;
    cs[s] = -2 * s2 * cn * cn;
    cc[s] = -2 * n * tc2 * cn * cn;
    const groups = sums.groups[s]!;
    value += groups * ((n - 1) * 2 * logSigma + Math.log(d));
    sigma += groups * (2 * (n - 1) + 2 * s2 * cn);
    child += groups * 2 * n * tc2 * cn;
    const w = tc2 * cn;
    coefficient[(1 + s) * lanes + lane] = -w / s2;
    bySigma[(1 + s) * lanes + lane] = -(tc2 * cs[s]!) / s2 + (2 * w) / s2;
    byChild[(1 + s) * lanes + lane] = -(2 * w + tc2 * cc[s]!) / s2;
    byParent[(1 + s) * lanes + lane] = 0;
  });
  for (const composition of sums.compositions) {
    let h = 0;
    let hs = 0;
    let hc = 0;
    composition.sizes.forEach((s, i) => {
      const w = composition.counts[i]! * sums.sizes[s]!;
      h += w * c[s]!;
      hs += w * cs[s]!;
      hc += w * cc[s]!;
    });
    const e = 1 + tp2 * h;
    const k = tp2 / e;
    value += composition.parents * Math.log(e);
    parent += (composition.parents * 2 * tp2 * h) / e;
    sigma += (composition.parents * tp2 * hs) / e;
    child += (composition.parents * tp2 * hc) / e;
    let m = composition.matrix;
    for (let i = 0; i < composition.sizes.length; i++) {
      const p = composition.sizes[i]!;
      for (let j = 0; j <= i; j++) {
        const r = composition.sizes[j]!;
        const both = c[p]! * c[r]!;
        coefficient[m * lanes + lane] = -k * both;
        byParent[m * lanes + lane] = (-2 * k * both) / e;
        bySigma[m * lanes + lane] = k * k * hs * both - k * (cs[p]! * c[r]! + c[p]! * cs[r]!);
        byChild[m * lanes + lane] = k * k * hc * both - k * (cc[p]! * c[r]! + c[p]! * cc[r]!);
        m++;
      }
    }
  }
  return { value, sigma, child, parent };
}
