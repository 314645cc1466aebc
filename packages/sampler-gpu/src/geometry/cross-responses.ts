import type { Problem } from "../problem.ts";
import type { Layout } from "./layout.ts";
import type { Transport } from "./transport.ts";

const MOST_SWEEPS = 30;

/** Between several crossed roots the conditional means answer jointly: A_j solves a linear system, by Gauss-Seidel. */
export function crossResponses(
  problem: Problem,
  layout: Layout,
  tau2: readonly number[],
  transports: readonly (Transport | undefined)[],
  weights: readonly (Float64Array | undefined)[],
  columnMeans: readonly (Float64Array | undefined)[],
): void {
  const { rows, terms } = problem;
  const { linear } = layout;
  const roots = layout.transported.filter((t) => terms[t]!.parent < 0 && transports[t]!.responses.length > 0);
  if (roots.length < 2) return;
  // what each level's effect answers in all: k_j A_j
  const answers = new Map(roots.map((t) => [t, new Float64Array(transports[t]!.responses.length)]));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (const t of roots) {
      const { information, responseOf, responses } = transports[t]!;
      const others = new Float64Array(responses.length);
      for (const q of roots) {
        if (q === t) continue;
        const answer = answers.get(q)!;
        const otherRow = transports[q]!.responseOf;
        for (let i = 0; i < rows; i++) {
          const row = responseOf[terms[t]!.index[i]!]!;
          const other = otherRow[terms[q]!.index[i]!]!;
          if (row < 0 || other < 0) continue;
          const w = weights[t]![i]!;
          for (let k = 0; k < linear; k++) others[row * linear + k]! += w * answer[other * linear + k]!;
        }
      }
      const own = answers.get(t)!;
      const mean = columnMeans[t]!;
      for (let j = 0; j < information.length; j++) {
        const row = responseOf[j]!;
        if (row < 0) continue;
        const it2 = information[j]! * tau2[t]!;
        for (let k = 0; k < linear; k++) {
          const at = row * linear + k;
          responses[at] = -(mean[at]! + others[at]! / information[j]!);
          const answer = (it2 / (1 + it2)) * responses[at]!;
          largest = Math.max(largest, Math.abs(answer - own[at]!));
          own[at] = answer;
        }
      }
    }
    if (largest < 1e-4) break;
  }
}
