export { type ImportedSample, type ReadDraws, separateSampler } from "./imported-draws.ts";
export { readArrowDraws } from "./read-arrow-draws.ts";
export { readCsvDraws } from "./read-csv-draws.ts";
export { readParquetDraws } from "./read-parquet-draws.ts";
export { readStanCsv, type StanCsvFile } from "./read-stan-csv.ts";
