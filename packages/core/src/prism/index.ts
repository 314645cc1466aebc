export {
  checkPrism,
  PRISM_FILES,
  type PrismCheck,
  type PrismCheckInput,
  type PrismCount,
  type PrismDifference,
  type PrismFileName,
} from "./check/index.ts";
export { tableToCsv } from "./columns.ts";
export { DEMOGRAPHICS } from "./demographics.ts";
export {
  type Counts,
  PAPER_CONVERSATIONS,
  PAPER_COUNTS,
  PRISM_COUNTS,
  type PrismFlow,
  type TypeCounts,
} from "./flow.ts";
export type { PrismFile } from "./records.ts";
export {
  CONVERSATION_TYPES,
  type ConversationRecord,
  type ConversationType,
  EMPTY_RESPONSE,
  type PromptMetadata,
  parseUtterance,
  type SurveyRecord,
  type UtteranceRecord,
} from "./schema.ts";
export { type PrismInput, type PrismTable, prismTable } from "./table.ts";
