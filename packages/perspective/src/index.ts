export {
  type AnalyzeCommentResponse,
  type AttributeScores,
  type Score,
  type ScoredAt,
  scoresFromAnalyzeComment,
} from "./analyze-comment.ts";
export { apiName, attributeName, PERSPECTIVE_ATTRIBUTES, type PerspectiveAttribute } from "./attributes.ts";
export { classifyAnswer } from "./client/classify.ts";
export { type ClientOptions, GOOGLE, makeClient } from "./client/client.ts";
export {
  AttributeNotSupported,
  BadKey,
  LanguageNotSupported,
  MalformedResponse,
  NetworkError,
  QuotaExceeded,
  RequestRefused,
  type ScoringError,
  type ScoringErrorReason,
  ServerError,
  ServiceGone,
  SettingRefused,
  TextEmpty,
  TextTooLong,
  UnusableAnswer,
} from "./client/errors.ts";
export {
  type Authorization,
  HEADER,
  KEY_VARIABLE,
  NO_KEY,
  QUERY,
  redactedKey,
  SCORER_KEY_VARIABLE,
} from "./client/key.ts";
export { judge, type PromiseClient, perspective, promised } from "./client/promise.ts";
export { makeQuota, type Quota } from "./client/quota.ts";
export { byteLength, cutToBytes, TEXT_LIMIT } from "./client/text-limit.ts";
export { PERSPECTIVE } from "./provider-name.ts";
export { type JudgeOptions, makeJudge } from "./providers/judge/judge.ts";
export { instruction } from "./providers/judge/prompt.ts";
export { JUDGED, RUBRIC_VERSION, RUBRICS, type Rubric } from "./providers/judge/rubrics.ts";
export { ANALYSED, nearMisses, requestedAttributes } from "./requested-attributes.ts";
export type { AttributeFailure, AttributeScore, ScoreRequest, Scorer, Span, TextScores } from "./scorer.ts";
