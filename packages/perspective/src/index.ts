export {
  type AnalyzeCommentResponse,
  type AttributeScores,
  type Score,
  type ScoredAt,
  scoresFromAnalyzeComment,
} from "./analyze-comment.ts";
export { apiName, attributeName, PERSPECTIVE_ATTRIBUTES, type PerspectiveAttribute } from "./attributes.ts";
