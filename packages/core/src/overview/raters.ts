import type { DataOverview } from "../analyses/overview.ts";
import { cellText } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";

export type RaterAnswers = DataOverview["raters"][number];

/** What stands for an answer that is missing. */
export const NOT_ANSWERED = "not said";

/**
 * Counts answers, one a rater; null is no answer. In the given order, then by their number; what was not said comes last. null where
 * all said the same or nothing: there is nothing to tell.
 */
export function countAnswers(
  question: string,
  answers: Iterable<string | null>,
  order: readonly string[] = [],
): RaterAnswers | null {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const key = answer ?? NOT_ANSWERED;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (counts.size < 2) return null;
  const place = (answer: string): number => {
    if (answer === NOT_ANSWERED) return Number.POSITIVE_INFINITY;
    const at = order.indexOf(answer);
    return at < 0 ? order.length : at;
  };
  const sorted = [...counts].sort(
    ([a, n], [b, m]) => compare(place(a), place(b)) || m - n || (a < b ? -1 : 1),
  );
  return { question, counts: sorted.map(([answer, users]) => ({ answer, users })) };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Answers that a table holds in columns, the first of each rater: texts as they are, 0 and 1 as no and yes, other numbers as such. A
 * column that does not exist is left out.
 */
export function ratersInTable(
  table: Frame,
  rater: string,
  questions: readonly string[],
): readonly RaterAnswers[] {
  const raters = table.columns.get(rater);
  if (raters === undefined) return [];
  const first = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const name = cellText(raters, row);
    if (!first.has(name)) first.set(name, row);
  }
  return questions.flatMap((question) => {
    const column = table.columns.get(question);
    if (column === undefined) return [];
    const flag =
      column.type === "numeric" && column.values.every((v) => v === 0 || v === 1 || Number.isNaN(v));
    const answers = [...first.values()].map((row) => {
      if (column.type === "factor") return column.levels[column.codes[row]!] ?? null;
      const value = column.values[row]!;
      if (Number.isNaN(value)) return null;
      return flag ? (value === 1 ? "yes" : "no") : String(value);
    });
    const counted = countAnswers(question, answers);
    return counted === null ? [] : [counted];
  });
}
