// Least bulk-ESS over b_*, sd_*, sigma per second of total wall time, on one core: bridgewise, and NumPyro beside it where it is there.
// usage: node bench/run.mjs [--runs 3] [--python PYTHON]      after `npm run build`; Linux (taskset)
// PYTHON: an interpreter with numpyro, arviz and pandas; it runs once a model, the fits `--runs` times (median).
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, python: { type: "string" } },
});
const models = JSON.parse(readFileSync(join(root, "bench/models.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "bridgewise-bench-"));
const onOneCore = (command, args) =>
  execFileSync("taskset", ["-c", "0", command, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function fitOnce(model, seed) {
  const out = join(scratch, `run-${seed}`);
  const began = performance.now();
  onOneCore(process.execPath, [
    "packages/cli/bin/bridgewise.js",
    "fit",
    model.formula,
    "--data",
    model.data,
    "--family",
    model.family,
    ...model.priors.flatMap((prior) => ["--prior", prior]),
    "--seed",
    String(seed),
    "--threads",
    "1",
    "--quiet",
    "--out",
    out,
  ]);
  const process_ = (performance.now() - began) / 1000;
  const { variables, seconds } = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  const least = Math.min(
    ...Object.entries(variables)
      .filter(([name]) => !name.startsWith("r_"))
      .map(([, v]) => v.ess_bulk),
  );
  return { least, ...seconds, process: process_, rate: least / seconds.total };
}

const rows = models.map((model) => {
  const runs = Array.from({ length: Number(values.runs) }, (_, i) => fitOnce(model, i + 1));
  const of = (key) => median(runs.map((run) => run[key]));
  const ours = {
    least_ess: of("least"),
    setup: of("setup"),
    warmup: of("warmup"),
    sampling: of("sampling"),
    total: of("total"),
    process: of("process"),
    per_second: of("rate"),
  };
  let numpyro;
  if (values.python) {
    const [response, predictors, groups, priorB] = model.numpyro;
    numpyro = JSON.parse(
      onOneCore(values.python, [
        "bench/peer_numpyro.py",
        model.family,
        model.data,
        response,
        predictors,
        groups,
        "--prior-b",
        priorB,
      ])
        .trim()
        .split("\n")
        .at(-1),
    );
  }
  console.error(
    `${model.name}: ${ours.per_second.toFixed(0)} a second${numpyro ? `, NumPyro ${numpyro.per_second}` : ""}`,
  );
  return {
    model: model.name,
    bridgewise: ours,
    ...(numpyro && { numpyro, multiple: ours.per_second / numpyro.per_second }),
  };
});
rmSync(scratch, { recursive: true });

const result = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0].model}, one core`,
  node: process.version,
  chains: 4,
  draws: 1000,
  runs: Number(values.runs),
  rows,
};
mkdirSync(join(root, "bench/results"), { recursive: true });
writeFileSync(join(root, "bench/results/peers.json"), `${JSON.stringify(result, null, 2)}\n`);
const f = (x, d = 1) => (x === undefined ? "" : x.toFixed(d));
const table = [
  "| model | least ESS | set-up s | warm-up s | sampling s | total s | least ESS/s | NumPyro least ESS/s | multiple |",
  "|---|---|---|---|---|---|---|---|---|",
  ...rows.map(
    ({ model, bridgewise: b, numpyro: n, multiple: m }) =>
      `| ${model} | ${f(b.least_ess, 0)} | ${f(b.setup, 2)} | ${f(b.warmup, 2)} | ${f(b.sampling, 2)} | ${f(b.total, 2)} | ${f(b.per_second, 0)} | ${f(n?.per_second, 2)} | ${f(m, 0)} |`,
  ),
].join("\n");
writeFileSync(
  join(root, "bench/results/peers.md"),
  `# Against peers\n\n${result.machine}, Node ${result.node}, ${result.date}; 4 chains x 1,000 draws, medians of ${result.runs} runs; NumPyro: 1 chain, 1,000 + 1,000, one run. Made by \`node bench/run.mjs\`.\n\n${table}\n`,
);
console.log(table);
