// Hard geometries, each fitted with several seeds and compared with an independent truth: divergences, R-hat, ESS, deviation.
// usage: node --conditions=@bridgewise/source bench/edge.mjs [--seeds 5] [--only TEXT]
//        [--precision float32] [--parametrisation noncentred|centred]     Node 22.18 or newer (runs TypeScript)
import { join } from "node:path";
import { parseArgs } from "node:util";
import { summarize } from "../packages/core/src/index.ts";
import { sample } from "../packages/sampler-gpu/src/index.ts";
import { deviation, deviationBetween, pool } from "../packages/sampler-gpu/test/agreement.ts";
import { ONE_WAY_CASES, OTHER_CASES } from "../packages/sampler-gpu/test/edge-models.ts";
import { oneWayPosterior } from "../packages/sampler-gpu/test/one-way-posterior.ts";
import { describeMachine, writeResults } from "./results.mjs";

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    precision: { type: "string", default: "float64" },
    parametrisation: { type: "string", default: "transport" },
  },
});
const { precision, parametrisation } = flags;
const variant = [precision, parametrisation].filter((v) => v !== "float64" && v !== "transport");
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1);
const isGlobal = (name) => !name.startsWith("r_");

const rows = [];
for (const edge of [...ONE_WAY_CASES, ...OTHER_CASES]) {
  if (!edge.name.includes(flags.only)) continue;
  const model = edge.model();
  const truth = edge.truth === "quadrature" && oneWayPosterior(model, model.family === "gaussian" ? 64 : 120);
  const fits = new Map();
  for (const density of edge.densities ?? ["auto"]) {
    const all = [];
    for (const seed of seeds) {
      try {
        all.push(await sample(model, { ...edge.options, density, precision, parametrisation, seed }));
      } catch (error) {
        console.error(`${edge.name}, ${density}, seed ${seed}: ${error.message}`);
      }
    }
    fits.set(density, all);
  }
  for (const [density, all] of fits) {
    if (all.length === 0) {
      rows.push({ case: edge.name, density, failed: seeds.length });
      continue;
    }
    const draws = pool(all.map((fit) => fit.draws));
    const worst = (field, better) => {
      const found = all.flatMap((fit) =>
        Object.entries(summarize(fit.draws)).map(([name, s]) => [s[field] ?? Number.NaN, name]),
      );
      return found.reduce((a, b) => (better(b[0], a[0]) || Number.isNaN(b[0]) ? b : a));
    };
    const other = [...fits.keys()].find((name) => name !== density);
    const compared = truth
      ? deviation(draws, truth)
      : edge.truth === "two densities" && other && fits.get(other).length > 0
        ? deviationBetween(
            draws,
            pool(fits.get(other).map((fit) => fit.draws)),
            draws.variables.filter(isGlobal),
          )
        : undefined;
    const rhat = worst("rhat", (a, b) => a > b);
    const bulk = worst("ess_bulk", (a, b) => a < b);
    const tail = worst("ess_tail", (a, b) => a < b);
    const sum = (pick) => all.reduce((total, fit) => total + pick(fit), 0);
    rows.push({
      case: edge.name,
      density: all[0].density,
      failed: seeds.length - all.length,
      divergences: sum((fit) => fit.divergences),
      transitions: draws.chains * draws.draws,
      rhat,
      bulk,
      tail,
      gradients: sum((fit) => fit.gradientsPerDraw) / all.length,
      warmup: sum((fit) => fit.warmup) / all.length,
      step: sum((fit) => fit.stepSize) / all.length,
      deviation: compared,
    });
    const row = rows.at(-1);
    console.error(
      `${row.case} (${row.density}): ${row.divergences} divergent, R-hat ${rhat[0].toFixed(3)}, ESS ${bulk[0].toFixed(0)} and ${tail[0].toFixed(0)}${compared ? `, z ${compared.z.toFixed(1)}` : ""}`,
    );
  }
}

const f = (x, digits) => (Number.isFinite(x) ? x.toFixed(digits) : "none");
const table = [
  "| case | density | divergent | worst R-hat | least bulk ESS | least tail ESS | gradients a draw | warm-up | largest deviation from the truth, in MCSE |",
  "|---|---|---|---|---|---|---|---|---|",
  ...rows.map((r) =>
    r.rhat === undefined
      ? `| ${r.case} | ${r.density} | no fit | | | | | | |`
      : `| ${r.case} | ${r.density} | ${r.divergences} of ${r.transitions} | ${f(r.rhat[0], 3)} (${r.rhat[1]}) | ${f(r.bulk[0], 0)} (${r.bulk[1]}) | ${f(r.tail[0], 0)} (${r.tail[1]}) | ${f(r.gradients, 1)} | ${f(r.warmup, 0)} | ${r.deviation ? `${f(r.deviation.z, 1)}: ${r.deviation.where}` : ""} |`,
  ),
].join("\n");
const about = `Each case fitted with ${seeds.length} seeds, 4 chains x 1,000 draws where the case does not say otherwise; worst over the fits, deviations of all draws together. A deviation compares P(parameter < q) at five probabilities of every global parameter with quadrature, or with the other density's draws.`;
writeResults(
  join(import.meta.dirname, "results"),
  ["edge", ...variant, ...(flags.only ? ["part"] : [])].join("-"),
  { ...describeMachine(), seeds: seeds.length, precision, parametrisation, rows },
  `# Edge geometry${variant.map((v) => `, ${v}`).join("")}\n\n${describeMachine().text}. ${about} Made by \`bench/edge.mjs\`.\n\n${table}\n`,
);
console.log(table);
