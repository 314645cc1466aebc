// Simulation-based calibration of every density and parametrisation: ranks of every parameter, chi-square p of each.
// usage: node --conditions=@bridgewise/source bench/calibration.mjs [--fits 200] [--only TEXT]     Node 22.18 or newer
import { join } from "node:path";
import { parseArgs } from "node:util";
import { calibrate, PRIORS_AWAY_FROM_ZERO } from "../packages/sampler-gpu/test/calibration.ts";
import { describeMachine, writeResults } from "./results.mjs";

const { values: flags } = parseArgs({
  options: { fits: { type: "string", default: "200" }, only: { type: "string", default: "" } },
});
const fits = Number(flags.fits);
/** 110 possible ranks in 11 bins. */
const size = 109;
const bins = 11;

const latent = [
  { parametrisation: "transport" },
  { parametrisation: "noncentred" },
  { parametrisation: "centred" },
  { parametrisation: "transport", precision: "float32" },
].map((options) => ({ density: "latent", ...options }));
const cases = ["gaussian", "bernoulli"].flatMap((family) =>
  ["nested", "crossed"].flatMap((shape) =>
    [...(family === "gaussian" ? [{ density: "collapsed" }] : []), ...latent].map((options) => ({
      family,
      shape,
      options,
      name: [family, shape, ...Object.values(options)].join(", "),
    })),
  ),
);

const rows = [];
for (const { name, family, shape, options } of cases) {
  if (!name.includes(flags.only)) continue;
  const began = performance.now();
  const away = options.parametrisation === "centred";
  const result = await calibrate({
    family,
    shape,
    options,
    fits,
    size,
    bins,
    ...(away && { priors: PRIORS_AWAY_FROM_ZERO }),
  });
  const seconds = (performance.now() - began) / 1000;
  const p = [...result.p].sort(([, a], [, b]) => a - b);
  rows.push({
    case: name,
    away,
    fits,
    seconds,
    divergences: result.divergences,
    apart: result.apart,
    parameters: p.length,
    least: p[0],
    // the smallest p of so many parameters, were they independent
    family: 1 - (1 - p[0][1]) ** p.length,
    below: p.filter(([, value]) => value < 0.01),
    p: Object.fromEntries(result.p),
    histograms: Object.fromEntries([...result.histograms].map(([k, h]) => [k, [...h]])),
  });
  console.error(
    `${name}: ${seconds.toFixed(0)} s, least p ${p[0][1].toPrecision(2)} (${p[0][0]}) of ${p.length}, ${result.divergences} divergent, ${result.apart} apart`,
  );
}

const all = rows.flatMap((row) => Object.values(row.p));
const below = (limit) => all.filter((p) => p < limit).length;
const number = (x) => x.toPrecision(2);
const table = [
  "| case | parameters | least p | p of such a least | p below 0.01 | fits with R-hat above 1.05 | divergent |",
  "|---|---|---|---|---|---|---|",
  ...rows.map(
    (r) =>
      `| ${r.case}${r.away ? " (sds away from 0)" : ""} | ${r.parameters} | ${number(r.least[1])} (${r.least[0]}) | ${number(r.family)} | ${r.below.map(([name, p]) => `${name} ${number(p)}`).join(", ")} | ${r.apart} | ${r.divergences} |`,
  ),
].join("\n");
const summary = `${all.length} histograms: ${below(0.1)} have p below 0.1 (expected ${(0.1 * all.length).toFixed(0)}), ${below(0.01)} below 0.01 (${(0.01 * all.length).toFixed(1)}), ${below(0.001)} below 0.001 (${(0.001 * all.length).toFixed(1)}).`;
const head = describeMachine();
writeResults(
  join(import.meta.dirname, "results"),
  flags.only ? "calibration-part" : "calibration",
  { ...head, fits, size, bins, rows },
  `# Simulation-based calibration\n\n${head.text}. ${fits} fits a case, ranks among ${size} nearly independent draws in ${bins} bins, all effects and the log likelihood ranked too. Data of one case's family and shape are the same in each of its rows. ${summary} Made by \`bench/calibration.mjs\`.\n\n${table}\n`,
);
console.log(`${table}\n\n${summary}`);
