// A simulated crossed design: 3,000 raters x 1,000 items, 70,000 ratings, as CSV with a numeric and a 0/1 response.
// usage: node --conditions=@bridgewise/source bench/simulate-crossed.mjs OUT.csv [--raters 3000] [--items 1000] [--rows 70000]
//        [--seed 1]     Node 22.18 or newer
import { renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { randomStream } from "../packages/core/src/simulate/random.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    raters: { type: "string", default: "3000" },
    items: { type: "string", default: "1000" },
    rows: { type: "string", default: "70000" },
    seed: { type: "string", default: "1" },
  },
});
const [out] = positionals;
const [raters, items, rows, seed] = ["raters", "items", "rows", "seed"].map((name) => Number(flags[name]));
for (const [name, value] of Object.entries({ raters, items, rows, seed })) {
  if (Number.isSafeInteger(value) && value >= 1) continue;
  console.error(`--${name} must be a whole number of at least 1: ${flags[name]}`);
  process.exit(2);
}
if (out === undefined) {
  console.error("name the file to write: node bench/simulate-crossed.mjs OUT.csv");
  process.exit(2);
}
const { normal, uniform } = randomStream(seed, "crossed design");
const effects = (levels, sd) => Array.from({ length: levels }, () => sd * normal());
const rater = effects(raters, 0.9);
const item = effects(items, 0.6);
/** Some raters rate much more than others, some items are seen much more often: cumulative shares, log-normal. */
const shares = (levels) => {
  let sum = 0;
  const cumulative = Array.from({ length: levels }, () => {
    sum += Math.exp(0.7 * normal());
    return sum;
  });
  return (u) => {
    let low = 0;
    let high = levels - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < u * sum) low = middle + 1;
      else high = middle;
    }
    return low;
  };
};
const pickRater = shares(raters);
const pickItem = shares(items);
// x1 varies by rating, x2 belongs to the item, x3 to the rater
const x2 = effects(items, 1);
const x3 = Array.from({ length: raters }, () => (uniform() < 0.5 ? "yes" : "no"));
const lines = ["rater,item,x1,x2,x3,score,chosen"];
for (let i = 0; i < rows; i++) {
  // every level occurs
  const r = i < raters ? i : pickRater(uniform());
  const j = i < items ? i : pickItem(uniform());
  const x1 = normal();
  const eta = 0.3 + 0.4 * x1 - 0.3 * x2[j] + (x3[r] === "yes" ? 0.25 : 0) + rater[r] + item[j];
  const score = eta + 1.2 * normal();
  const chosen = uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  lines.push(`r${r},i${j},${x1.toFixed(4)},${x2[j].toFixed(4)},${x3[r]},${score.toFixed(4)},${chosen}`);
}
writeFileSync(`${out}.part`, `${lines.join("\n")}\n`);
renameSync(`${out}.part`, out);
