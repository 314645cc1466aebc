import { familyNamed, InputError } from "@bridgewise/core";
import { ENGINES, PARAMETRISATIONS, PRECISIONS } from "@bridgewise/sampler-gpu/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { type FitRequest, type FitResult, type ResumeRequest, resumeFit, runFit } from "../pipeline/fit.ts";
import { DEFAULTS, KEPT_EFFECTS } from "../pipeline/settings.ts";
import { stoppable } from "../stoppable.ts";
import { duration, type ProgressBar, progressBar } from "../terminal/progress.ts";
import { summaryTable } from "../terminal/table.ts";
import {
  jsonFlag,
  printResult,
  progressFlag,
  progressStyle,
  quietFlag,
  seedDescription,
  threadsFlag,
} from "./fit-flags.ts";
import {
  contrastsFlag,
  familyFlag,
  levelsFlag,
  parseContrasts,
  parseLevels,
  parseRename,
  parseWhere,
  priorFlag,
  renameFlag,
  whereFlag,
} from "./model-flags.ts";

const flags = {
  formula: Argument.String("formula").pipe(
    Argument.optional,
    Argument.withDescription("As in brms and lme4: 'y ~ x + (1 | g)'"),
  ),
  data: Flag.String("data").pipe(
    Flag.optional,
    Flag.withMetavar("FILE.csv"),
    Flag.withDescription("Ratings, one row each"),
  ),
  family: familyFlag.pipe(Flag.optional),
  out: Flag.String("out").pipe(
    Flag.optional,
    Flag.withMetavar("DIR"),
    Flag.withDescription("Folder for the run"),
  ),
  prior: priorFlag,
  where: whereFlag,
  rename: renameFlag,
  contrasts: contrastsFlag,
  levels: levelsFlag,
  "prior-only": Flag.Boolean("prior-only").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Sample the prior: the data count for nothing"),
  ),
  effects: Flag.Literals("effects", KEPT_EFFECTS).pipe(
    Flag.optional,
    Flag.withDescription(
      "Group effects r_ that are kept, default auto: of groups with at most 100 levels; all; none",
    ),
  ),
  chains: Flag.Int("chains").pipe(Flag.optional, Flag.withDescription(`Default ${DEFAULTS.chains}`)),
  warmup: Flag.Int("warmup").pipe(
    Flag.optional,
    Flag.withDescription(
      `Most warm-up iterations, default ${DEFAULTS.warmup}: it ends earlier where the chains agree`,
    ),
  ),
  draws: Flag.Int("draws").pipe(
    Flag.optional,
    Flag.withDescription(`Draws of each chain after warm-up, default ${DEFAULTS.draws}`),
  ),
  seed: Flag.Int("seed").pipe(
    Flag.optional,
    Flag.withDescription(`${seedDescription} (default ${DEFAULTS.seed})`),
  ),
  engine: Flag.Literals("engine", ["auto", ...ENGINES]).pipe(
    Flag.optional,
    Flag.withDescription(
      "Default auto: cuda for large problems where it is usable, else simd (bridgewise doctor)",
    ),
  ),
  precision: Flag.Literals("precision", PRECISIONS).pipe(
    Flag.optional,
    Flag.withDescription(
      "Of positions and gradients, default float64; float32 is faster, acceptance is exact in both",
    ),
  ),
  parametrisation: Flag.Literals("parametrisation", PARAMETRISATIONS).pipe(
    Flag.optional,
    Flag.withDescription(
      "Of group effects, default transport; the others are its tests: slower, same posterior",
    ),
  ),
  threads: threadsFlag,
  label: Flag.String("label").pipe(
    Flag.optional,
    Flag.withDescription("Name in tables and figures (default: the folder's)"),
  ),
  resume: Flag.String("resume").pipe(
    Flag.optional,
    Flag.withMetavar("DIR"),
    Flag.withDescription("Go on with the fit that was interrupted in this folder; it knows the rest"),
  ),
  force: Flag.Boolean("force").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Fit again what is unchanged; replace an unfinished fit"),
  ),
  quiet: quietFlag,
  json: jsonFlag,
  progress: progressFlag,
};

type Flags = Command.Command.Config.Infer<typeof flags>;

export const fit = Command.make(
  "fit",
  flags,
  Effect.fnUntraced(function* (flags) {
    const bar = progressBar("fit", process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const out = Option.getOrUndefined(Option.orElse(flags.resume, () => flags.out)) ?? "";
      const result = Option.isSome(flags.resume)
        ? await resumeFit(resumeRequest(flags, out, bar, signal), 0)
        : await runFit(fitRequest(flags, bar, signal), 0);
      bar.done();
      printResult(result, flags, (found) => describeFit(found, out));
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    "Fits a Bayesian mixed-effects regression to a CSV file and writes a run folder: manifest.json, summary.json, diagnostics.json, draws.arrow. An interrupted fit is gone on with, the same fit is not done twice.",
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
    { command: "bridgewise fit --resume runs/highest", description: "Go on after Ctrl-C or a crash" },
  ]),
);

function fitRequest(flags: Flags, bar: ProgressBar, signal: AbortSignal): FitRequest {
  const { formula, data, family, out } = flags;
  if (Option.isNone(formula) || Option.isNone(data) || Option.isNone(family) || Option.isNone(out)) {
    const missing = Object.entries({ formula, "--data": data, "--family": family, "--out": out })
      .filter(([, value]) => Option.isNone(value))
      .map(([name]) => name);
    throw new InputError(`missing: ${missing.join(", ")} (help: bridgewise fit --help)`);
  }
  const get = Option.getOrUndefined;
  return {
    formula: formula.value,
    data: data.value,
    family: familyNamed(family.value),
    out: out.value,
    priors: flags.prior,
    where: Option.getOrNull(Option.map(flags.where, parseWhere)),
    rename: parseRename(flags.rename),
    contrasts: parseContrasts(flags.contrasts),
    levels: parseLevels(flags.levels),
    priorOnly: flags["prior-only"],
    effects: get(flags.effects),
    chains: get(flags.chains) ?? DEFAULTS.chains,
    warmup: get(flags.warmup) ?? DEFAULTS.warmup,
    draws: get(flags.draws) ?? DEFAULTS.draws,
    seed: get(flags.seed) ?? DEFAULTS.seed,
    engine: get(flags.engine) ?? "auto",
    precision: get(flags.precision),
    parametrisation: get(flags.parametrisation),
    threads: get(flags.threads),
    label: get(flags.label),
    force: flags.force,
    onProgress: bar.update,
    onNote: bar.say,
    signal,
  };
}

/** The folder knows the rest: what is given beside it might be meant as a change. */
function resumeRequest(flags: Flags, out: string, bar: ProgressBar, signal: AbortSignal): ResumeRequest {
  const { data, threads, resume: _, force, quiet: __, json: ___, progress: ____, ...rest } = flags;
  const { "prior-only": priorOnly, ...fixed } = rest;
  const given = Object.entries(fixed).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : Option.isSome(value as Option.Option<unknown>),
  );
  if (given.length > 0 || force || priorOnly) {
    const names = [
      ...given.map(([name]) => (name === "formula" ? "a formula" : `--${name}`)),
      ...(priorOnly ? ["--prior-only"] : []),
      ...(force ? ["--force"] : []),
    ];
    throw new InputError(`--resume goes on with the fit as it was begun: leave out ${names.join(", ")}`);
  }
  return {
    out,
    data: Option.getOrUndefined(data),
    threads: Option.getOrUndefined(threads),
    onProgress: bar.update,
    signal,
  };
}

export function describeFit(
  { manifest, summary, diagnostics, notes, unchanged }: FitResult,
  out: string,
): string {
  const { seconds } = summary;
  const groups = manifest.groups.map((g) => `${g.name} (${g.levels})`).join(", ");
  return [
    ...(unchanged
      ? [`Nothing to do: ${out} holds this very fit, of ${manifest.created} (--force fits it again)`, ""]
      : []),
    `${manifest.formula}`,
    `${manifest.prior_only ? "prior alone of " : ""}${manifest.family}, ${manifest.data.rows_used.toLocaleString("en")} rows${groups && `, groups: ${groups}`}${manifest.simulated ? ", SIMULATED data" : ""}`,
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
