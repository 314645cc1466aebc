import { join } from "node:path";
import type { RunManifest, RunSummary } from "@bridgewise/core";
import { writePrismTable, writeSimulatedPrism } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type FitRequest, runFit } from "../pipeline/fit.ts";
import { stoppable } from "../stoppable.ts";
import { duration, progressBar } from "../terminal/progress.ts";
import { quietFlag, seedFlag, threadsFlag } from "./fit-flags.ts";
import { flowTable } from "./prism.ts";
import { makeReport } from "./report.ts";
import { scaleFlag } from "./simulate.ts";

const ATTRIBUTES = [
  "REASONING_NUANCE",
  "RESPECT",
  "CURIOSITY",
  "COMPASSION",
  "PERSONAL_STORY",
  "AFFINITY",
  "TOXICITY",
];
const RIGHT = `${ATTRIBUTES.join(" + ")} + (1 | user_id/conversation_id) + (1 | model_name)`;
const TYPES = ["unguided", "values guided", "controversy guided"];

/** Analyses 1a and 1b of PAPER, on all conversations and on each type. */
const FITS: readonly {
  name: string;
  label: string;
  response: string;
  family: "bernoulli" | "gaussian";
  type?: string;
}[] = (
  [
    ["1a", "highest", "bernoulli"],
    ["1b", "log_score", "gaussian"],
  ] as const
).flatMap(([analysis, response, family]) => [
  { name: `${analysis}-all`, label: "all", response, family },
  ...TYPES.map((type) => ({
    name: `${analysis}-${type.replaceAll(" ", "-")}`,
    label: type,
    response,
    family,
    type,
  })),
]);

export const demo = Command.make(
  "demo",
  {
    out: Flag.String("out").pipe(Flag.withDefault("out/demo"), Flag.withMetavar("DIR")),
    seed: seedFlag,
    scale: scaleFlag,
    threads: threadsFlag,
    quiet: quietFlag,
  },
  Effect.fnUntraced(function* ({ out, seed, scale, threads, quiet }) {
    const began = performance.now();
    const say = (text: string): void => {
      if (!quiet) console.log(text);
    };
    say(
      "The main job on SIMULATED data: PRISM's files and nesting, placeholder texts, known coefficients.\n",
    );
    const files = join(out, "prism");
    const tables = join(out, "table");
    yield* attempt(() => writeSimulatedPrism({ out: files, seed, scale }));
    const { flow } = yield* attempt(() =>
      writePrismTable({ prism: files, scores: join(files, "scores.csv"), out: tables }),
    );
    say(`${flowTable(flow)}\n`);
    const covered: Coverage[] = [];
    for (const [i, fit] of FITS.entries()) {
      const label = `fit ${i + 1} of ${FITS.length}, ${fit.name}`;
      const bar = progressBar(label, process.stderr, quiet ? "none" : "auto");
      const request: Omit<FitRequest, "signal"> = {
        formula: `${fit.response} ~ ${RIGHT}`,
        family: fit.family,
        data: join(tables, "table.csv"),
        priors: ["b ~ normal(0, 1e6)"],
        where: fit.type === undefined ? null : ["conversation_type", fit.type],
        chains: 4,
        warmup: 1000,
        draws: 1000,
        seed,
        threads: Option.getOrUndefined(threads),
        out: join(out, "runs", fit.name),
        label: fit.label,
        onProgress: bar.update,
      };
      const { manifest, summary, diagnostics, unchanged } = yield* stoppable(
        (signal) => runFit({ ...request, signal }),
        bar.done,
      );
      const coverage = coverageOf(manifest, summary);
      covered.push(coverage);
      say(
        `${fit.name.padEnd(22)} ${manifest.data.rows_used.toLocaleString("en").padStart(6)} rows  ${(unchanged ? "as was" : duration(summary.seconds.total)).padStart(6)}  ` +
          `R-hat at most ${diagnostics.max_rhat?.value.toFixed(3)}  true value in its 90% interval: ${coverage.inside} of ${coverage.count}`,
      );
      for (const warning of diagnostics.warnings) say(`  Warning: ${warning}`);
    }
    const total = covered.reduce((sum, c) => ({ inside: sum.inside + c.inside, count: sum.count + c.count }));
    const { index } = yield* attempt(() =>
      makeReport(
        FITS.map((fit) => join(out, "runs", fit.name)),
        join(out, "report"),
        join(tables, "flow.json"),
      ),
    );
    say(
      `\n90% intervals that hold the simulated truth: ${total.inside} of ${total.count} (${Math.round((100 * total.inside) / total.count)}%; subsets share rows, so these are not independent)`,
    );
    say(`Time: ${duration((performance.now() - began) / 1000)}`);
    say(`Report: ${index}`);
  }),
).pipe(
  Command.withDescription(
    "Runs the main job on simulated data: PRISM's files and scores to a table, eight regressions, a report.",
  ),
  Command.withShortDescription("The main job on simulated data"),
);

interface Coverage {
  readonly inside: number;
  readonly count: number;
}

/** How many of the parameters whose true value is known have it in their 90% interval. */
function coverageOf(manifest: RunManifest, summary: RunSummary): Coverage {
  let inside = 0;
  let count = 0;
  for (const [name, truth] of Object.entries(manifest.truth ?? {})) {
    const v = summary.variables[name];
    if (v === undefined || v.q5 === null || v.q95 === null) continue;
    count++;
    if (v.q5 <= truth && truth <= v.q95) inside++;
  }
  return { inside, count };
}
