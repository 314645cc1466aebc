export { type CsvOptions, parseCsv } from "./parse-csv.ts";
