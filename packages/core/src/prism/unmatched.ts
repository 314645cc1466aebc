import { counted, IssueTally, type ScoreIssue } from "../scores/issues.ts";
import type { Scores } from "../scores/scores.ts";

/** Texts of the scores file that PRISM does not have, in one sentence; null where it has all. */
export function unmatchedIssue(scores: Scores, matched: Uint8Array): ScoreIssue | null {
  const tally = new IssueTally(scores.source);
  for (let text = 0; text < scores.texts; text++) {
    if (matched[text] === 1) continue;
    tally.add("unmatched", scores.lines[text]!, (n) => {
      const others = n === 1 ? "" : ` and ${counted(n - 1, "other text")}`;
      return `${scores.describe(text)}${others} not in utterances.jsonl, left out`;
    });
  }
  return tally.issues()[0] ?? null;
}
