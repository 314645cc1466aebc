// How cost grows with rows, groups, predictors and chains, engine by engine: a simulated crossed design, one size changed at a time.
// usage: node bench/growth.mjs [--quick] [--engines simd,simd-float32,wasm,native,cuda] [--families bernoulli,gaussian] [--threads 1]
//        [--out bench/results] [--name growth]      after `npm run build`; Node 22.18 or newer.     npm run bench [-- --quick]
// Each fit is a process of its own on one core (--threads more: unbound). An engine that is not there is skipped with a word. --quick
// takes small sizes and writes NAME-quick. After each point the results are written anew, so that a stopped run leaves what it has.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { growthFigure } from "./growth-figure.mjs";
import { growthTable } from "./growth-table.mjs";
import { onOneCore, root, run } from "./one-core.mjs";
import { describeMachine, writeResults } from "./results.mjs";

const ENGINES = {
  simd: {},
  "simd-float32": { precision: "float32" },
  wasm: { engine: "wasm" },
  native: { engine: "native" },
  cuda: { engine: "cuda" },
};
const FORMULAS = { bernoulli: "chosen", gaussian: "score" };
const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    engines: { type: "string", default: Object.keys(ENGINES).join(",") },
    families: { type: "string", default: "bernoulli,gaussian" },
    threads: { type: "string", default: "1" },
    out: { type: "string", default: join(root, "bench/results") },
    name: { type: "string", default: "growth" },
  },
});
const engines = flags.engines.split(",");
const families = flags.families.split(",");
for (const [flag, names, known] of [
  ["engines", engines, ENGINES],
  ["families", families, FORMULAS],
])
  for (const unknown of names.filter((one) => !(one in known))) {
    console.error(`--${flag} knows no '${unknown}'; there are ${Object.keys(known).join(", ")}`);
    process.exit(2);
  }
const threads = Number(flags.threads);
const name = flags.quick ? `${flags.name}-quick` : flags.name;

/** Each size's values while the others keep those of `base`; what has more rows has as many more raters, unless they are the subject. */
const base = {
  rows: flags.quick ? 3000 : 10_000,
  raters: flags.quick ? 150 : 500,
  items: 100,
  predictors: 4,
  chains: 4,
};
const perRater = base.rows / base.raters;
const axes = flags.quick
  ? { rows: [1000, 3000, 10_000], raters: [15, 150, 1500], predictors: [1, 4, 16], chains: [1, 4, 16] }
  : {
      rows: [1000, 10_000, 100_000, 1_000_000],
      raters: [10, 100, 1000, 5000],
      predictors: [1, 4, 16, 64],
      chains: [1, 4, 16, 64, 256],
    };
const points = Object.entries(axes).flatMap(([axis, values]) =>
  values.map((value) => ({
    axis,
    value,
    sizes: { ...base, ...(axis === "rows" && { raters: Math.round(value / perRater) }), [axis]: value },
  })),
);
/** Draws enough to time, not to report: fewer where a draw is dear. */
const drawsFor = ({ rows, chains }) => Math.max(25, Math.min(200, Math.round(8e6 / (rows * chains))));

const rows = [];
const absent = {};
for (const family of families) {
  for (const { axis, value, sizes } of points) {
    const { chains, ...design } = sizes;
    const columns = Array.from({ length: sizes.predictors }, (_, k) => `x${k + 1}`);
    for (const engine of engines) {
      if (absent[engine]) continue;
      const draws = drawsFor(sizes);
      const request = {
        formula: `${FORMULAS[family]} ~ ${columns.join(" + ")} + (1 | rater) + (1 | item)`,
        family,
        design: { ...design, seed: 1 },
        options: { chains, draws, warmup: 200, threads, ...ENGINES[engine] },
      };
      const one = (threads === 1 ? onOneCore : run)(process.execPath, [
        "bench/fit-once.mjs",
        JSON.stringify(request),
      ]);
      if (one.skipped) {
        absent[engine] = one.skipped;
        console.error(`${engine}: skipped, ${one.skipped}`);
        continue;
      }
      const { means, engine: _, ...figures } = one;
      rows.push({
        family,
        axis,
        value,
        engine,
        sizes,
        seconds_per_1000: (1000 * one.sampling) / draws,
        ...figures,
      });
      console.error(
        `${family}, ${axis} ${value}, ${engine} (${one.density}): ${one.total.toFixed(2)} s, ${one.ms_per_gradient_and_chain.toPrecision(3)} ms a gradient and chain`,
      );
      save();
    }
  }
}
console.log(growthTable(result()));

function result() {
  return { ...describeMachine(), quick: flags.quick, threads, base, absent, rows };
}
function save() {
  writeResults(flags.out, name, result(), growthTable(result(), `${name}.svg`));
  writeFileSync(join(flags.out, `${name}.svg`), growthFigure(rows));
}
