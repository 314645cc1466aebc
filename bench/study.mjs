// Does it recover the truth? Simulates data sets with PRISM's nesting and PAPER's coefficients, fits 1a, 1b, 2 and 3 to each, and
// reports bias and coverage of every coefficient. What is done is kept in out/study and taken up again; Ctrl-C loses one fit.
// usage: node --conditions=@bridgewise/source bench/study.mjs [--sets 20] [--seed 1] [--only 1a,3-TOXICITY] [--scale 1] [--draws 1000]
//   [--out bench/results] [--work out/study] [--quiet] [--json]
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, writeResults } from "./results.mjs";
import { drawSet, fitOne, idOf, REGRESSIONS } from "./study-fits.mjs";
import { markdownTable, NOMINAL, summarizeStudy, verdict } from "./study-table.mjs";

const root = join(import.meta.dirname, "..");
const flags = readFlags();
const { sets: count, seed: first, scale, draws, regressions } = flags;
const lengths = { chains: 4, warmup: 1000, draws, seed: 1 };
const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new Error("interrupted")));

const began = performance.now();
const fits = count * regressions.length;
let done = 0;
let fresh = 0;
const sets = [];
for (let seed = first; seed < first + count; seed++) sets.push(await studySet(seed));
progress("", true);

const rows = summarizeStudy(sets);
const found = verdict(rows);
const head = describeMachine();
const all = sets.flatMap(({ data_seed, fits }) => fits.map((fit) => ({ data_seed, ...fit })));
const seconds = all.reduce((sum, fit) => sum + fit.seconds, 0);
const markdown = report();
writeResults(
  flags.out,
  "study",
  {
    ...head,
    seeds: [first, first + count - 1],
    scale,
    ...lengths,
    seconds,
    verdict: found,
    rows,
    fits: all.map(diagnosticsOf),
  },
  markdown,
);
console.log(flags.json ? JSON.stringify({ verdict: found, rows }) : markdown);

/** Without the estimates, which the rows sum up. */
function diagnosticsOf({ parameters, ...fit }) {
  return { ...fit, seconds: Number(fit.seconds.toFixed(1)), parameters: parameters.length };
}

/** A data set's fits, those that are kept from before included. */
async function studySet(seed) {
  const set = drawSet(seed, scale);
  const kept = { data_seed: seed, hash: set.hash, ...lengths, fits: [] };
  mkdirSync(flags.work, { recursive: true });
  const file = join(flags.work, `set-${seed}-scale-${scale}-draws-${draws}.json`);
  if (existsSync(file)) {
    const before = JSON.parse(readFileSync(file, "utf8"));
    // Of other data: the simulation has changed since.
    if (before.hash === kept.hash) kept.fits = before.fits;
  }
  for (const regression of regressions) {
    if (!kept.fits.some((fit) => idOf(fit) === idOf(regression))) {
      progress(`data set ${seed}, ${idOf(regression)}`);
      try {
        kept.fits.push(await fitOne(set, regression, { ...lengths, signal: controller.signal }));
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        console.error(`\nInterrupted after ${done} of ${fits} fits; the same command goes on from there.`);
        process.exit(130);
      }
      writeFileSync(`${file}.part`, JSON.stringify(kept));
      renameSync(`${file}.part`, file);
      fresh++;
    }
    done++;
  }
  const wanted = new Set(regressions.map(idOf));
  return { ...kept, fits: kept.fits.filter((fit) => wanted.has(idOf(fit))) };
}

/** A line on a terminal that is written over; elsewhere a line a fit. */
function progress(what, end = false) {
  if (flags.quiet) return;
  const terminal = process.stderr.isTTY;
  if (end) {
    if (terminal) process.stderr.write("\r\x1b[K");
    return;
  }
  const each = fresh > 0 ? (performance.now() - began) / 1000 / fresh : Number.NaN;
  const left = Number.isNaN(each) ? "" : `, about ${Math.ceil((each * (fits - done)) / 60)} min left`;
  const line = `${done} of ${fits} fits${left}: ${what}`;
  if (terminal) process.stderr.write(`\r\x1b[K${line}`);
  else process.stderr.write(`${line}\n`);
}

function report() {
  const number = (x) => x.toPrecision(2);
  const coefficients = rows.filter((row) => row.variable.startsWith("b_"));
  const scales = rows.filter((row) => !row.variable.startsWith("b_"));
  const nameOf = (row) => `${row.analysis} ${row.response} \`${row.variable}\``;
  const outside =
    found.outside.length === 0
      ? "None of them is off by more than chance explains (5% for all of them together)."
      : `Off by more than chance explains (5% for all together): ${found.outside.map(nameOf).join(", ")}.`;
  const share = (id) => {
    const of = coefficients.filter((row) => row.analysis === id);
    const inside = of.reduce((sum, row) => sum + row.inside, 0);
    const total = of.reduce((sum, row) => sum + row.sets, 0);
    return total === 0 ? [] : [`${id} ${inside.toLocaleString("en")} of ${total.toLocaleString("en")}`];
  };
  const rhat = Math.max(...all.map((fit) => fit.max_rhat));
  return `# Recovery of PAPER's coefficients

SIMULATED data: ${count} data sets of \`bridgewise simulate --from paper\` at scale ${scale}, seeds ${first} to ${first + count - 1}; ${all.length} fits with the embedded engine, one thread, ${lengths.chains} chains of ${draws} draws. ${head.text}; ${(seconds / 60).toFixed(1)} minutes of fitting. Made by \`npm run study\`; read with [docs/study.md](../../docs/study.md).

Of ${found.coefficients} coefficients over ${count} data sets, 90% intervals hold the truth ${found.inside.toLocaleString("en")} of ${found.total.toLocaleString("en")} times (${(100 * found.coverage).toFixed(1)}%): ${["1a", "1b", "2", "3"].flatMap(share).join(", ")}. Of one coefficient, chance explains ${found.least_inside} to ${count} of ${count}. ${found.bias_below_05} of ${found.coefficients} have a bias with p below 0.05 (${found.bias_expected_05.toFixed(1)} expected by chance); the least p is ${number(found.least_bias.bias_p)} (${nameOf(found.least_bias)}), that of a coverage ${number(found.least_coverage.coverage_p)} (${nameOf(found.least_coverage)}, ${found.least_coverage.inside} of ${found.least_coverage.sets}). ${outside} Largest R-hat ${rhat.toFixed(3)}, ${all.reduce((sum, fit) => sum + fit.divergences, 0)} divergent transitions.

Bias: mean of the posterior means minus the truth, with its standard error over data sets. Coverage: nominal ${NOMINAL}, binomial standard error. Width of the 90% interval: mean, with its standard error. PAPER's error: its standard error of the same coefficient on PRISM.

${markdownTable(coefficients)}

## Standard deviations

${markdownTable(scales)}
`;
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      sets: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      scale: { type: "string", default: "1" },
      draws: { type: "string", default: "1000" },
      out: { type: "string" },
      work: { type: "string", default: join(root, "out", "study") },
      quiet: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const number = (name, holds, wanted) => {
    const value = Number(values[name]);
    if (holds(value)) return value;
    console.error(`--${name} is '${values[name]}', expected ${wanted}`);
    process.exit(2);
  };
  const whole = (value) => Number.isInteger(value) && value >= 2;
  const ids = values.only?.split(",") ?? REGRESSIONS.map(idOf);
  const unknown = ids.find((id) => !REGRESSIONS.some((regression) => idOf(regression) === id));
  if (unknown !== undefined) {
    console.error(`--only has '${unknown}', expected some of ${REGRESSIONS.map(idOf).join(",")}`);
    process.exit(2);
  }
  const full =
    values.sets === "20" &&
    values.seed === "1" &&
    values.scale === "1" &&
    values.draws === "1000" &&
    ids.length === REGRESSIONS.length;
  return {
    ...values,
    regressions: REGRESSIONS.filter((regression) => ids.includes(idOf(regression))),
    seed: number("seed", (value) => Number.isSafeInteger(value) && value >= 0, "a whole number from 0"),
    sets: number("sets", whole, "a whole number from 2: one data set tells no bias"),
    scale: number(
      "scale",
      (value) => value > 0 && value <= 1,
      "a share of PRISM's users above 0 and at most 1",
    ),
    draws: number("draws", whole, "a whole number from 2"),
    // A short study does not write over the full one.
    out: values.out ?? (full ? join(root, "bench", "results") : join(root, "out", "study")),
  };
}
