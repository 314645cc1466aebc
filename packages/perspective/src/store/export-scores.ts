import { InputError, type ScoreRow, type TextName } from "@bridgewise/core";
import type { Corpus } from "../corpus/corpus.ts";
import { hasSpans, storedScores } from "./queries.ts";
import type { ScoreKey, ScoreStore, StoredScore } from "./store.ts";

export interface ExportScoresRequest {
  readonly store: ScoreStore;
  readonly key: ScoreKey;
  /** Texts by whose ids the rows are named; without it all of the store, by hash. */
  readonly corpus?: Corpus | undefined;
}

/**
 * Rows of a scores file in its long shape, by text, one in memory at a time. With a corpus: those of its texts, a row
 * for each id (the ids are in memory); and how many of its texts have none.
 */
export async function exportedRows({
  store,
  key,
  corpus,
}: ExportScoresRequest): Promise<{ readonly rows: Iterable<ScoreRow>; readonly unscored: () => number }> {
  if (corpus === undefined)
    return { rows: rowsOf(store, key, (hash) => [{ text_sha256: hash }]), unscored: () => 0 };
  const names = new Map<string, TextName[]>();
  const seen = new Set<string>();
  let byId: boolean | undefined;
  for await (const { hash, name, empty, line } of corpus.texts()) {
    byId ??= "text_id" in name;
    if (byId !== "text_id" in name)
      throw new InputError(
        "has a text_id where others have none, or none where they have; a scores file names all its texts alike",
        {
          file: corpus.source,
          line,
        },
      );
    const id = "text_id" in name ? `${name.column_id} ${name.text_id}` : hash;
    if (empty || seen.has(id)) continue;
    seen.add(id);
    const known = names.get(hash);
    if (known === undefined) names.set(hash, [name]);
    else known.push(name);
  }
  const scored = new Set<string>();
  return {
    rows: rowsOf(store, key, (hash) => {
      scored.add(hash);
      return names.get(hash) ?? [];
    }),
    unscored: () => [...names.keys()].filter((hash) => !scored.has(hash)).length,
  };
}

function* rowsOf(
  store: ScoreStore,
  key: ScoreKey,
  namesOf: (hash: string) => readonly TextName[],
): Generator<ScoreRow> {
  // a column for what asked for spans alone has
  const spans = hasSpans(store, key);
  for (const row of storedScores(store, key)) {
    const provenance = provenanceOf(row, spans);
    for (const name of namesOf(row.text))
      yield { ...name, attribute: row.attribute, score: row.score, provenance };
  }
}

/** Further columns of a score's row. */
export function provenanceOf(row: StoredScore, spans: boolean): Record<string, string> {
  return {
    api_attribute: row.apiAttribute,
    provider: row.provider,
    languages: row.language,
    detected_languages: row.detectedLanguages,
    scored_at: row.scoredAt,
    model: row.model ?? "",
    cut_to_bytes: row.cutToBytes === null ? "" : String(row.cutToBytes),
    ...(spans && { spans: row.spans ?? "" }),
  };
}
