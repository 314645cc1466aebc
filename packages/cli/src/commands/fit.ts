import { InputError } from "@bridgewise/core";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type FitResult, runFit } from "../pipeline/fit.ts";
import { duration, progressBar } from "../terminal/progress.ts";
import { summaryTable } from "../terminal/table.ts";

/** Flags that every command with long work shares. */
export const quietFlag = Flag.Boolean("quiet").pipe(
  Flag.withDefault(false),
  Flag.withDescription("No progress and no table"),
);
export const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the result as JSON, nothing else"),
);
export const threadsFlag = Flag.Int("threads").pipe(
  Flag.optional,
  Flag.withDescription("Worker threads (default: as many as there are processors and pairs of chains)"),
);
export const seedFlag = Flag.Int("seed").pipe(
  Flag.withDefault(1),
  Flag.withDescription("Same seed, same draws, whatever the threads"),
);

const ENGINES = ["auto", "simd", "wasm", "native", "cuda"] as const;

export const fit = Command.make(
  "fit",
  {
    formula: Argument.String("formula").pipe(
      Argument.withDescription("As in brms and lme4: 'y ~ x + (1 | g)'"),
    ),
    data: Flag.String("data").pipe(
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("Ratings, one row each"),
    ),
    family: Flag.Literals("family", ["gaussian", "bernoulli"]).pipe(
      Flag.withDescription("Response: a number, or 0/1"),
    ),
    out: Flag.String("out").pipe(Flag.withMetavar("DIR"), Flag.withDescription("Folder for the run")),
    prior: Flag.String("prior").pipe(
      Flag.atLeast(0),
      Flag.withDescription(
        "'b ~ normal(0, 1e6)', 'b[x] ~ …', 'Intercept ~ …', 'sd[g] ~ …', 'sigma ~ …' (repeat it)",
      ),
    ),
    where: Flag.String("where").pipe(
      Flag.optional,
      Flag.withMetavar("COLUMN=VALUE"),
      Flag.withDescription("Only these rows"),
    ),
    rename: Flag.String("rename").pipe(
      Flag.atLeast(0),
      Flag.withMetavar("NEW=OLD"),
      Flag.withDescription("New name for a column (repeat it)"),
    ),
    chains: Flag.Int("chains").pipe(Flag.withDefault(4)),
    warmup: Flag.Int("warmup").pipe(
      Flag.withDefault(1000),
      Flag.withDescription("Most warm-up iterations: it ends earlier where the chains agree"),
    ),
    draws: Flag.Int("draws").pipe(
      Flag.withDefault(1000),
      Flag.withDescription("Draws of each chain after warm-up"),
    ),
    seed: seedFlag,
    engine: Flag.Literals("engine", ENGINES).pipe(Flag.withDefault("auto" as const)),
    threads: threadsFlag,
    label: Flag.String("label").pipe(
      Flag.optional,
      Flag.withDescription("Name in tables and figures (default: the folder's)"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = progressBar("fit", process.stderr, flags.quiet || flags.json);
    const result = yield* attempt(async (signal) => {
      checkEngine(flags.engine);
      return runFit(
        {
          ...flags,
          priors: flags.prior,
          where: Option.getOrUndefined(
            Option.map(flags.where, (text) =>
              pair("--where", text, "COLUMN=VALUE", ([column, value]) => ({ column, value })),
            ),
          ),
          rename: flags.rename.map((text) => pair("--rename", text, "NEW=OLD", (p) => p)),
          threads: Option.getOrUndefined(flags.threads),
          label: Option.getOrUndefined(flags.label),
          onProgress: bar.update,
          signal,
        },
        0,
      );
    }).pipe(Effect.ensuring(Effect.sync(bar.done)));
    if (flags.json) console.log(JSON.stringify(result.summary));
    else if (!flags.quiet) console.log(describeFit(result, flags.out));
  }),
).pipe(
  Command.withDescription(
    "Fits a Bayesian mixed-effects regression to a CSV file and writes a run folder: manifest.json, summary.json, diagnostics.json, draws.arrow.",
  ),
  Command.withShortDescription("Fit a mixed-effects regression"),
  Command.withExamples([
    {
      command:
        "bridgewise fit 'score ~ curiosity + (1 | user) + (1 | model)' --data ratings.csv --family gaussian --out runs/score",
      description: "Crossed groups",
    },
    {
      command:
        "bridgewise fit 'highest ~ CURIOSITY + (1 | user_id/conversation_id)' --data table.csv --family bernoulli --prior 'b ~ normal(0, 1e6)' --prior 'sd[user_id] ~ exponential(1)' --out runs/highest",
      description: "Nested groups, priors of your own",
    },
    {
      command:
        "bridgewise fit 'log(score) ~ age' --data ratings.csv --family gaussian --where type=unguided --out runs/age",
      description: "A subset, no groups",
    },
  ]),
);

/** Engines that this version has; the others have their place in the seam. */
function checkEngine(engine: (typeof ENGINES)[number]): void {
  if (engine !== "auto" && engine !== "simd")
    throw new InputError(`engine '${engine}' is not in this version: use --engine simd (or auto)`);
}

function pair<A>(flag: string, text: string, form: string, make: (parts: [string, string]) => A): A {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InputError(`${flag} has the form ${form}: '${text}'`);
  return make([text.slice(0, at), text.slice(at + 1)]);
}

export function describeFit({ manifest, summary, diagnostics, notes }: FitResult, out: string): string {
  const { seconds } = summary;
  const groups = manifest.groups.map((g) => `${g.name} (${g.levels})`).join(", ");
  return [
    `${manifest.formula}`,
    `${manifest.family}, ${manifest.data.rows_used.toLocaleString("en")} rows${groups && `, groups: ${groups}`}${manifest.simulated ? ", SIMULATED data" : ""}`,
    ...notes,
    "",
    summaryTable(summary),
    "",
    `${summary.chains} chains x ${summary.draws} draws after ${summary.warmup} of warm-up, ${manifest.density} density on ${summary.engine}, ${summary.divergences} divergent`,
    `${duration(seconds.total)}: set-up ${duration(seconds.setup)}, warm-up ${duration(seconds.warmup)}, sampling ${duration(seconds.sampling)}`,
    ...diagnostics.warnings.map((warning) => `Warning: ${warning}`),
    `Run folder: ${out}`,
    `Next: bridgewise report ${out} --out ${out}/report`,
  ].join("\n");
}
