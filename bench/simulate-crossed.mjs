// A simulated crossed design as CSV: by default 3,000 raters x 1,000 items, 70,000 ratings, with a numeric and a 0/1 response.
// usage: node bench/simulate-crossed.mjs OUT.csv [--raters 3000] [--items 1000] [--rows 70000] [--predictors 2] [--seed 1]
//        Node 22.18 or newer (runs TypeScript)
import { renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { crossedDesign } from "./crossed-design.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    raters: { type: "string", default: "3000" },
    items: { type: "string", default: "1000" },
    rows: { type: "string", default: "70000" },
    predictors: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
  },
});
const [out] = positionals;
if (out === undefined) refuse("name the file to write: node bench/simulate-crossed.mjs OUT.csv");
const sizes = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, Number(value)]));
for (const [name, value] of Object.entries(sizes))
  if (!Number.isSafeInteger(value) || value < 1)
    refuse(`--${name} must be a whole number of at least 1: ${flags[name]}`);

const columns = Object.entries(crossedDesign(sizes));
const cell = (value) =>
  typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : String(value);
const lines = [columns.map(([name]) => name).join(",")];
for (let i = 0; i < sizes.rows; i++) lines.push(columns.map(([, values]) => cell(values[i])).join(","));
writeFileSync(`${out}.part`, `${lines.join("\n")}\n`);
renameSync(`${out}.part`, out);

function refuse(why) {
  console.error(why);
  process.exit(2);
}
