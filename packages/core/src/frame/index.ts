export { cellError, cellText, findColumn, suggestColumn } from "./cells.ts";
export { dropUnusedLevels, factorFromNumbers, factorFromTexts } from "./factor.ts";
export type { Column, FactorColumn, Frame, NumericColumn } from "./frame.ts";
export { type ColumnValues, frameFromArrays } from "./from-arrays.ts";
export { didYouMean, editDistance, listNames, nearestName } from "./near-names.ts";
export { selectColumns, selectRows } from "./select.ts";
