// One fit, for the benchmarks: what `bridgewise fit` does up to the draws, with any option of sample(), and a line of JSON about it.
// usage: node bench/fit-once.mjs '{"formula": …, "family": …, "data": "file.csv", "priors": […], "options": {…}}'    after `npm run build`
// or "design": {"raters": …, "items": …, "rows": …, "predictors": …, "seed": …} in place of data: a simulated crossed design.
// The clock runs from the start of the process, as in `bridgewise fit`; simulating is not counted. Exits with 3, and says why, where an
// option is not to be had.
import { readFileSync } from "node:fs";
import { buildModel, frameFromArrays, parseCsv, summarize } from "@bridgewise/core";
import { sample } from "@bridgewise/sampler-gpu/node";

const { formula, family, data, design, priors = [], options = {} } = JSON.parse(process.argv[2]);
let simulating = 0;
const frame = design ? await simulated(design) : parseCsv(readFileSync(data), { source: data });
const { model } = buildModel({ formula, family, frame, priors });
const readSeconds = (performance.now() - simulating) / 1000;
let fit;
try {
  fit = await sample(model, options);
} catch (error) {
  if (options.engine === undefined) throw error;
  notHere(error.message);
}
if (options.engine !== undefined && options.engine !== fit.engine)
  notHere(`this version has no choice of engines: it ran on ${fit.engine}`);

const variables = summarize(fit.draws);
const globals = Object.entries(variables).filter(([name]) => !name.startsWith("r_"));
const worst = (field, better) =>
  globals.map(([, v]) => v[field] ?? Number.NaN).reduce((a, b) => better(a, b));
const { warmup, sampling } = fit.seconds;
const setup = readSeconds + fit.seconds.setup;
const total = setup + warmup + sampling;
const leastEss = worst("ess_bulk", Math.min);
const draws = fit.draws.draws;
console.log(
  JSON.stringify({
    engine: fit.engine,
    density: fit.density,
    rows: model.rows,
    chains: fit.chains,
    draws,
    warmup_iterations: fit.warmup,
    divergences: fit.divergences,
    least_ess: leastEss,
    max_rhat: worst("rhat", Math.max),
    setup,
    warmup,
    sampling,
    total,
    per_second: leastEss / total,
    gradients_per_draw: fit.gradientsPerDraw,
    ms_per_gradient_and_chain: (1000 * sampling) / (draws * fit.chains * fit.gradientsPerDraw),
    memory_mb: process.resourceUsage().maxRSS / 1024,
    means: Object.fromEntries(globals.map(([name, v]) => [name, v.mean])),
  }),
);

async function simulated(sizes) {
  const began = performance.now();
  const { crossedDesign } = await import("./crossed-design.mjs");
  const columns = crossedDesign(sizes);
  simulating = performance.now() - began;
  return frameFromArrays(columns, "simulated crossed design");
}

function notHere(why) {
  console.error(why);
  process.exit(3);
}
