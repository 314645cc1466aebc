// Time of one engine over a grid of chains and rows: the tensor program's case, many chains on a large model.
// usage: node bench/scaling.mjs --engine cuda|native|wasm|simd [--quick] [--gpu "name"] [--out DIR] [--name NAME]    after `npm run build`
// Each point is a process of its own; one that fails (out of memory) is named, and larger ones with as many rows are left out.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "./one-core.mjs";
import { describeMachine, writeResults } from "./results.mjs";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string", default: "cuda" },
    quick: { type: "boolean", default: false },
    gpu: { type: "string", default: "" },
    out: { type: "string", default: join(root, "bench/results") },
    name: { type: "string", default: "scaling" },
  },
});
const { engine } = flags;
const grid = flags.quick
  ? { rows: [1000, 10_000], chains: [4, 16, 64] }
  : { rows: [10_000, 100_000, 1_000_000], chains: [4, 16, 64, 256, 1024, 4096] };
const families = { bernoulli: "chosen", gaussian: "score" };
const WARMUP = flags.quick ? 60 : 200;
const DRAWS = flags.quick ? 50 : 100;

const points = [];
let failed = 0;
for (const [family, response] of Object.entries(families)) {
  for (const rows of grid.rows) {
    for (const chains of grid.chains) {
      const request = {
        formula: `${response} ~ x1 + x2 + x3 + x4 + x_yes + (1 | rater) + (1 | item)`,
        family,
        design: { rows, raters: Math.round(rows / 20), items: 400, predictors: 4, seed: 1 },
        // the latent density: many rows and chains are what a GPU is for
        options: { engine, chains, warmup: WARMUP, draws: DRAWS, density: "latent", reportedLevels: 0 },
      };
      const point = run(process.execPath, [join(root, "bench/fit-once.mjs"), JSON.stringify(request)]);
      points.push({ family, rows, chains, ...point });
      if (point.skipped) {
        failed++;
        console.error(`${family}, ${rows} rows, ${chains} chains: ${point.skipped}`);
        break;
      }
      console.error(
        `${family}, ${rows} rows, ${chains} chains: ${point.ms_per_gradient_and_chain.toPrecision(3)} ms a gradient and chain, ${(point.least_ess / point.sampling).toFixed(0)} least ESS a second of sampling`,
      );
    }
  }
}
if (failed === points.length) {
  console.error(`scaling: engine ${engine} ran nowhere: ${points[0].skipped}`);
  process.exit(3);
}

const digits = (x) => x.toPrecision(3);
const table = [
  "| family | rows | chains | ms a gradient and chain | gradients a draw | draws a second, all chains | least ESS a second of sampling | set-up s | warm-up s | host memory, MB | R-hat | divergent |",
  "|---|---|---|---|---|---|---|---|---|---|---|---|",
  ...points.map((p) =>
    p.skipped
      ? `| ${p.family} | ${p.rows} | ${p.chains} | ${p.skipped.replaceAll("|", "/")} | | | | | | | | |`
      : `| ${p.family} | ${p.rows} | ${p.chains} | ${digits(p.ms_per_gradient_and_chain)} | ${digits(p.gradients_per_draw)} | ${digits((p.draws * p.chains) / p.sampling)} | ${digits(p.least_ess / p.sampling)} | ${digits(p.setup)} | ${digits(p.warmup)} | ${p.memory_mb.toFixed(0)} | ${p.max_rhat.toFixed(2)} | ${p.divergences} |`,
  ),
].join("\n");
const head = describeMachine();
writeResults(
  flags.out,
  flags.name,
  { ...head, gpu: flags.gpu, engine, warmup: WARMUP, draws: DRAWS, points },
  `# Engine ${engine} over chains and rows\n\n${head.text}${flags.gpu && `; GPU: ${flags.gpu}`}. A simulated crossed design, rows / 20 raters x 400 items, 6 coefficients, ${WARMUP} warm-up iterations at most, ${DRAWS} draws a chain, latent density. Made by \`bench/scaling.mjs\`.\n\n${table}\n`,
);
console.log(table);
