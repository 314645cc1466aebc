import { InputError } from "@bridgewise/core";
import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type EffectsResult, effectsOfRun } from "../pipeline/effects.ts";
import { rowProgress } from "../terminal/row-progress.ts";
import { alignColumns, number } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag } from "./fit-flags.ts";
import { dataFlag, namesOf, ndrawsFlag, runArgument } from "./run-flags.ts";

export const effects = Command.make(
  "effects",
  {
    run: runArgument,
    variables: Flag.String("variables").pipe(
      Flag.optional,
      Flag.withMetavar("NAME,…"),
      Flag.withDescription("Columns of the fixed effects (default: all)"),
    ),
    step: Flag.String("step").pipe(
      Flag.withDefault("0.1"),
      Flag.withMetavar("NUMBER|derivative"),
      Flag.withDescription("Added to a numeric column, default 0.1; derivative: the slope, for a whole unit"),
    ),
    contrasts: Flag.String("contrasts").pipe(
      Flag.optional,
      Flag.withMetavar("FACTOR,…"),
      Flag.withDescription("Compare all pairs of levels of these, not each level with the first"),
    ),
    at: Flag.Literals("at", ["observed", "mean"]).pipe(
      Flag.withDefault("observed"),
      Flag.withDescription(
        "observed: the average over the data's rows (default); mean: one row of means and most frequent levels",
      ),
    ),
    groups: Flag.String("groups").pipe(
      Flag.withDefault("none"),
      Flag.withMetavar("all|none|NAME,…"),
      Flag.withDescription("Groups whose effects count, default none: the population's level"),
    ),
    level: Flag.Finite("level").pipe(
      Flag.withDefault(0.95),
      Flag.withDescription("Of the intervals, default 0.95"),
    ),
    logResponse: Flag.Boolean("log-response").pipe(
      Flag.withDefault(false),
      Flag.withDescription("The response is the log of a score: give score ratios (known for 'log(y) ~')"),
    ),
    ndraws: ndrawsFlag,
    data: dataFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = rowProgress("effects", process.stderr, progressStyle(flags));
    yield* attempt(async () => {
      const { variables, contrasts } = flags;
      if (!(flags.level > 0 && flags.level < 1))
        throw new InputError(`--level must be between 0 and 1: ${flags.level}`);
      const result = await effectsOfRun({
        dir: flags.run,
        data: Option.getOrUndefined(flags.data),
        step: stepOf(flags.step),
        at: flags.at,
        groups: namesOf("--groups", flags.groups),
        level: flags.level,
        ndraws: Option.getOrUndefined(flags.ndraws),
        ...(Option.isSome(variables) && { variables: namesOf("--variables", variables.value) }),
        ...(Option.isSome(contrasts) && { pairwise: namesOf("--contrasts", contrasts.value) }),
        ...(flags.logResponse && { logResponse: true }),
        onRows: bar.update,
      }).finally(bar.done);
      if (flags.json) console.log(JSON.stringify(result));
      else if (!flags.quiet) console.log(describe(result));
    });
  }),
).pipe(
  Command.withDescription(
    "Average marginal effects on the response's scale: how much the expected response changes when a column changes, averaged over the data's rows, with its interval over the draws. Factors: each level against the first.",
  ),
  Command.withShortDescription("Average marginal effects and contrasts"),
  Command.withExamples([
    {
      command: "bridgewise effects runs/highest --variables CURIOSITY,TOXICITY --step 0.1",
      description: "What 0.1 more of an attribute does to the probability of being preferred",
    },
    {
      command: "bridgewise effects runs/score --contrasts model_family --groups all",
      description: "All pairs of a factor's levels, with the groups' effects",
    },
  ]),
);

function stepOf(text: string): number | "derivative" {
  if (text === "derivative") return text;
  const step = Number(text);
  if (text.trim() === "" || !Number.isFinite(step) || step === 0)
    throw new InputError(`--step is 'derivative' or a number other than 0: '${text}'`);
  return step;
}

function describe({ formula, family, rows, draws, at, groups, level, effects }: EffectsResult): string {
  const n = (value: number): string => value.toLocaleString("en");
  const percent = (p: number): string => `${Number((100 * p).toFixed(6))}%`;
  const ratios = effects.flatMap(({ variable, contrast, ratio }) =>
    ratio === undefined ? [] : [{ variable, contrast, ...ratio }],
  );
  const several = new Set(effects.map(({ outcome }) => outcome)).size > 1;
  const interval = [percent((1 - level) / 2), percent((1 + level) / 2)];
  const where =
    at === "observed" ? `averaged over ${n(rows)} rows` : "at the means and most frequent levels of the data";
  const who =
    groups.length === 0
      ? "at the population's level (no group effects)"
      : `with the effects of ${groups.join(", ")}`;
  return [
    formula,
    ...wrap(
      `${family}: change of the expected response, ${where}, ${who}, over ${n(draws)} draws; intervals ${percent(level)}`,
      100,
    ),
    "",
    alignColumns([
      ["", ...(several ? ["of"] : []), "Effect", "Est.Error", ...interval, "unit"],
      ...effects.map(({ variable, contrast, outcome, unit, ...effect }) => [
        `${variable} ${contrast}`,
        ...(several ? [outcome] : []),
        ...numbers(effect),
        unit,
      ]),
    ]),
    ...(effects.some(({ unit }) => unit === "probability points")
      ? ["0.01 probability points are one percentage point."]
      : []),
    ...(ratios.length === 0
      ? []
      : [
          "",
          `${ratios[0]!.kind === "odds ratio" ? "Odds ratios" : "Score ratios"}: medians of exp of the change of the linear predictor, for effects that are alike in all rows`,
          alignColumns([
            ["", "Median", "Est.Error", ...interval],
            // a wide upper tail must not round the lower end to 1
            ...ratios.map((ratio) => [`${ratio.variable} ${ratio.contrast}`, ...numbers(ratio, 2)]),
          ]),
        ]),
  ].join("\n");
}

/** Two digits of the posterior standard deviation tell all that is known. */
function numbers(
  effect: { estimate: number; error: number; lower: number; upper: number },
  least = 0,
): string[] {
  const { estimate, error, lower, upper } = effect;
  const decimals = error > 0 ? Math.min(10, Math.max(least, 1 - Math.floor(Math.log10(error)))) : 4;
  return [estimate, error, lower, upper].map((value) => number(value, decimals));
}
