/** Texts that have scores, by PRISM's names (metadata.jsonl): a response by utterance_id, a prompt by interaction_id. */
export const TEXT_COLUMNS = ["model_response", "user_prompt"] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/** Which text a score is of: PRISM's id, or the text itself by the SHA-256 (hex) of its UTF-8 bytes. */
export type TextName =
  | { readonly column_id: TextColumn; readonly text_id: string }
  | { readonly text_sha256: string };

/** One row of a scores file in its long shape. */
export type ScoreRow = TextName & {
  /** One of ATTRIBUTES; files may hold others, which are not read. */
  readonly attribute: string;
  /** A probability in [0, 1]. */
  readonly score: number;
  /** Where the score is from, as further columns: provider, time, languages. */
  readonly provenance?: Readonly<Record<string, string>>;
};
