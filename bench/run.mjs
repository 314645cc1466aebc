// Least bulk ESS over b_*, sd_*, sigma per second of total wall time, on one core: bridgewise on each engine, and its peers beside it.
// usage: node bench/run.mjs [--runs 3] [--python PYTHON] [--only TEXT] [--peers numpyro,nutpie,lme4,brms] [--part]
//        after `npm run build`; Linux (taskset), Node 22.18 or newer
// PYTHON: an interpreter with numpyro, nutpie, pymc, arviz and pandas. A peer runs once a model, the fits `--runs` times (median).
// What is not on the machine is skipped with a word. --part writes to results/peers-part instead of results/peers.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median, onOneCore, root } from "./one-core.mjs";
import { peersTable } from "./peers-table.mjs";
import { describeMachine, writeResults } from "./results.mjs";

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
    only: { type: "string", default: "" },
    peers: { type: "string", default: "numpyro,nutpie,lme4,brms" },
    part: { type: "boolean", default: false },
  },
});
const runs = Number(flags.runs);
/** A column each. */
const engines = [
  { name: "simd float64", options: {} },
  { name: "simd float32", options: { precision: "float32" } },
  { name: "native", options: { engine: "native" } },
];
const peers = {
  numpyro: (model) => python("peer_numpyro.py", model),
  nutpie: (model) => python("peer_nutpie.py", model),
  lme4: (model) => onOneCore("Rscript", ["bench/peer_lme4.R", model.family, model.data, model.formula]),
  brms: (model) =>
    onOneCore("Rscript", ["bench/peer_brms.R", model.family, model.data, model.formula, priorB(model)]),
};
const priorB = ({ priors }) => (priors.length > 0 ? "normal" : "flat");
const python = (script, model) =>
  onOneCore(flags.python, [
    `bench/${script}`,
    model.family,
    model.data,
    model.response,
    model.predictors.join(","),
    model.groups.join(","),
    "--prior-b",
    priorB(model),
  ]);

/** Several seeds; the medians of what is a number. */
function fitMedian(model, options) {
  const all = [];
  for (let seed = 1; seed <= runs; seed++) {
    const { formula, family, data, priors } = model;
    const request = { formula, family, data, priors, options: { threads: 1, seed, ...options } };
    const run = onOneCore(process.execPath, ["bench/fit-once.mjs", JSON.stringify(request)]);
    if (run.skipped) return run;
    all.push(run);
  }
  return Object.fromEntries(
    Object.entries(all[0]).map(([key, value]) => [
      key,
      typeof value === "number" ? median(all.map((run) => run[key])) : value,
    ]),
  );
}

const scratch = mkdtempSync(join(tmpdir(), "bridgewise-bench-"));
const rows = [];
try {
  const crossed = join(scratch, "crossed.csv");
  const models = JSON.parse(readFileSync(join(root, "bench/models.json"), "utf8"))
    .filter(({ name }) => name.includes(flags.only))
    .map((model) => (model.data === "simulated crossed design" ? { ...model, data: crossed } : model));
  if (models.some(({ data }) => data === crossed))
    execFileSync(process.execPath, ["bench/simulate-crossed.mjs", crossed], { cwd: root });
  for (const model of models) {
    const row = { model: model.name, reach: model.reach, bridgewise: {}, peers: {} };
    const say = (name, { skipped, per_second, wall, total }) =>
      console.error(
        `${model.name}, ${name}: ${skipped ? `skipped, ${skipped}` : `${per_second ? `${per_second.toFixed(2)} a second, ` : ""}${(total ?? wall).toFixed(1)} s`}`,
      );
    for (const { name, options } of engines) {
      row.bridgewise[name] = fitMedian(model, options);
      say(name, row.bridgewise[name]);
    }
    // the collapsed density is float64 whatever the option: the same fit again is not a column of its own
    if (row.bridgewise["simd float32"].density === "collapsed")
      row.bridgewise["simd float32"] = { skipped: "the collapsed density is float64 always" };
    for (const name of flags.peers.split(",").filter((peer) => peer in peers)) {
      row.peers[name] = peers[name](model);
      say(name, row.peers[name]);
    }
    rows.push(row);
    save();
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(peersTable(result()));

function result() {
  return { ...describeMachine(), chains: 4, draws: 1000, runs, rows };
}
/** After each model, so that a stopped run leaves what it has. */
function save() {
  const name = flags.part ? "peers-part" : "peers";
  writeResults(join(root, "bench/results"), name, result(), peersTable(result()));
}
