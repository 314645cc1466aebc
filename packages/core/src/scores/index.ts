export { ATTRIBUTES, type Attribute, attributeIndex, nearestAttribute } from "./attributes.ts";
export { formatScores, type ScoresFormat } from "./format.ts";
export type { ScoreIssue, ScoreIssueKind } from "./issues.ts";
export { readScores } from "./read.ts";
export { type ScoreRow, TEXT_COLUMNS, type TextColumn, type TextName } from "./score-row.ts";
export type { Scores } from "./scores.ts";
export { sha256Hex } from "./sha256.ts";
export type { TextChunks } from "./text-chunks.ts";
