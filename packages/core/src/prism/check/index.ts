export { checkPrism, type PrismCheck, type PrismCheckInput } from "./check-prism.ts";
export { PRISM_FILES, type PrismFileName } from "./codebook.ts";
export type { PrismCount } from "./counts.ts";
export type { PrismDifference } from "./differences.ts";
