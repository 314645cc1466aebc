import { isWithin, type Problem } from "../problem.ts";
import type { Layout } from "./layout.ts";
import type { Transport } from "./transport.ts";

const MOST_SWEEPS = 30;
const CLOSE = 1e-4;

/**
 * Where terms cross, or are nested more than once, conditional means answer to a shift of the linear globals jointly: the A_j solve a linear
 * system, by Gauss-Seidel. A level answers what is left of its rows' shift after the answers of all terms that are not nested in it; its
 * parent's is left to the transport itself.
 */
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
  const answering = layout.transported.filter((t) => transports[t]!.responses.length > 0);
  const othersOf = answering.map((t) =>
    answering.filter((q) => q !== terms[t]!.parent && !isWithin(terms, q, t)),
  );
  if (othersOf.every((others) => others.length === 0)) return;
  // what each level's effect answers in all: k_j (A_j - its parent's answer)
  const answers = new Map<number, Float64Array>(
    answering.map((t) => [t, new Float64Array(transports[t]!.responses.length)]),
  );
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    answering.forEach((t, position) => {
      const { information, responseOf, responses } = transports[t]!;
      const { index } = terms[t]!;
      const others = new Float64Array(responses.length);
      for (const q of othersOf[position]!) {
        const answer = answers.get(q)!;
        const otherRow = transports[q]!.responseOf;
        for (let i = 0; i < rows; i++) {
          const row = responseOf[index[i]!]!;
          const other = otherRow[terms[q]!.index[i]!]!;
          if (row < 0 || other < 0) continue;
          const w = weights[t]![i]!;
          for (let k = 0; k < linear; k++) others[row * linear + k]! += w * answer[other * linear + k]!;
        }
      }
      const mean = columnMeans[t]!;
      for (let j = 0; j < information.length; j++) {
        const row = responseOf[j]!;
        if (row < 0) continue;
        for (let at = row * linear; at < (row + 1) * linear; at++)
          responses[at] = -(mean[at]! + others[at]! / information[j]!);
      }
      const before = answers.get(t)!;
      const answer = answerOf(problem, layout, t, { tau2, transports, above: answers.get(terms[t]!.parent) });
      answer.forEach((value, at) => {
        largest = Math.max(largest, Math.abs(value - before[at]!));
      });
      answers.set(t, answer);
    });
    if (largest < CLOSE) break;
  }
}

interface AnswerContext {
  /** [terms] */
  readonly tau2: readonly number[];
  readonly transports: readonly (Transport | undefined)[];
  /** The parent's answer; undefined where there is no parent. */
  readonly above: Float64Array | undefined;
}

/** [shifted levels x linear] what a term's effects answer in all: k_j (A_j - their parent's answer). */
export function answerOf(
  { terms }: Problem,
  { linear }: Layout,
  t: number,
  { tau2, transports, above }: AnswerContext,
): Float64Array {
  const { information, responseOf, responses } = transports[t]!;
  const { parent, parentOf } = terms[t]!;
  const answer = new Float64Array(responses.length);
  for (let j = 0; j < information.length; j++) {
    const row = responseOf[j]!;
    if (row < 0) continue;
    const it2 = information[j]! * tau2[t]!;
    const k = it2 / (1 + it2);
    const aboveRow = above ? transports[parent]!.responseOf[parentOf![j]!]! : -1;
    for (let q = 0; q < linear; q++) {
      const rest = aboveRow < 0 ? 0 : above![aboveRow * linear + q]!;
      answer[row * linear + q] = k * (responses[row * linear + q]! - rest);
    }
  }
  return answer;
}
