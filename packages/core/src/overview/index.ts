export type { OverviewPart } from "./distribution.ts";
export { type OverviewOptions, overviewOf } from "./overview-of.ts";
export { countAnswers, NOT_ANSWERED, type RaterAnswers } from "./raters.ts";
