import type { ScoreRow } from "@bridgewise/core";
import { provenanceOf } from "./export-scores.ts";
import type { ScoreConflict } from "./staging.ts";

/** Scores that were left out as rows of a scores file: where each is from, and the score that was kept. */
export function* conflictRows(
  conflicts: Iterable<ScoreConflict>,
  sources: readonly string[],
): Generator<ScoreRow> {
  for (const conflict of conflicts) {
    const { text, attribute, score, kept, source, line } = conflict;
    const from = { kept_score: String(kept), from: sources[source]!, line: line > 0 ? String(line) : "" };
    const provenance = { ...provenanceOf(conflict, true), ...from };
    yield { text_sha256: text, attribute, score, provenance };
  }
}
