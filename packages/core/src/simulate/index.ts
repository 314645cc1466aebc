export { markOf, type SimulatedMark, simulatedFiles, type TextFile } from "./files.ts";
export { MERGED_ATTRIBUTES, type MergedAttribute } from "./merged-attributes.ts";
export { PRISM_MODELS } from "./models.ts";
export { type Random, randomStream } from "./random.ts";
export {
  type SimulatedConversation,
  type SimulatedPrism,
  type SimulatedResponse,
  type SimulatedText,
  type SimulatedTurn,
  type SimulateOptions,
  simulatePrism,
} from "./simulate.ts";
export { prismStructure, type StructureRow } from "./structure.ts";
export { simulatedTable } from "./table.ts";
export { type Analysis, type Coefficients, DEFAULT_TRUTH, type Truth } from "./truth.ts";
export { type ModelNames, truthFor } from "./truth-for.ts";
