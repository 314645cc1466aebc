import { evaluateHypotheses, type HypothesisTable, InputError } from "@bridgewise/core";
import { type OpenedDraws, openDraws, saveHypotheses, writeHypotheses } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { describeHypotheses } from "../terminal/hypothesis-table.ts";

const flags = {
  run: Argument.String("run").pipe(Argument.withDescription("Run folder, or a file of draws")),
  hypotheses: Argument.String("hypothesis").pipe(
    Argument.variadic({ min: 1 }),
    Argument.withDescription(
      "'b_x > 0', 'b_x - b_y > 0', 'exp(b_x) > 1.1', 'b_x = 0'; one that begins with '-' after --",
    ),
  ),
  alpha: Flag.Finite("alpha").pipe(
    Flag.withDefault(0.05),
    Flag.withDescription(
      "Default 0.05: 90% intervals and a star above 95% for one-sided hypotheses, 95% intervals for two-sided",
    ),
  ),
  robust: Flag.Boolean("robust").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Median and MAD instead of mean and standard deviation"),
  ),
  prior: Flag.String("prior").pipe(
    Flag.optional,
    Flag.withMetavar("RUN"),
    Flag.withDescription("The same model fitted with --prior-only: two-sided evidence ratios need it"),
  ),
  save: Flag.Boolean("save").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Keep the table as hypotheses.json in the run folder, in place of an earlier one"),
  ),
  out: Flag.String("out").pipe(
    Flag.optional,
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write the table as JSON to this file"),
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print the table as JSON, nothing else"),
  ),
};

type Flags = Command.Command.Config.Infer<typeof flags>;

export const hypothesis = Command.make(
  "hypothesis",
  flags,
  Effect.fnUntraced(function* (flags) {
    const text = yield* attempt(() => testHypotheses(flags));
    console.log(text);
  }),
).pipe(
  Command.withDescription(
    "Tests hypotheses on a run's draws as brms does: expressions of any of its variables (the b_ of coefficients may be left out), compared by <, > or =.",
  ),
  Command.withShortDescription("Test hypotheses on a fit's draws"),
  Command.withExamples([
    {
      command: "bridgewise hypothesis runs/score 'curiosity > 0' 'curiosity - toxicity > 0.1'",
      description: "Two in one table",
    },
    {
      command:
        "bridgewise hypothesis runs/score 'sd_user__Intercept^2 / (sd_user__Intercept^2 + sigma^2) > 0.1'",
      description: "A share of variance",
    },
    {
      command: "bridgewise hypothesis runs/score 'curiosity = 0' --prior runs/score-prior",
      description: "Two-sided, by Savage-Dickey",
    },
  ]),
);

/** What the command prints; the table is written where that was asked for. */
async function testHypotheses({
  run,
  hypotheses,
  alpha,
  robust,
  prior,
  save,
  out,
  json,
}: Flags): Promise<string> {
  if (!(alpha > 0 && alpha < 0.5))
    throw new InputError(`--alpha must be above 0 and below 0.5, such as 0.05: ${alpha}`);
  const opened = await openDraws(run);
  let priorDraws: OpenedDraws | undefined;
  try {
    if (save && opened.run === undefined)
      throw new InputError("--save needs a run folder, this is a file of draws; use --out FILE", {
        file: run,
      });
    if (Option.isSome(prior)) priorDraws = await openPrior(prior.value);
    const table = await evaluateHypotheses(hypotheses, opened.draws, {
      alpha,
      robust,
      ...(priorDraws && { prior: priorDraws.draws }),
    });
    const saved = save ? await saveHypotheses(run, table) : undefined;
    if (Option.isSome(out)) await writeHypotheses(out.value, table);
    return json ? JSON.stringify(table) : describe(opened, table, saved);
  } finally {
    await opened.draws.close();
    await priorDraws?.draws.close();
  }
}

function describe({ run }: OpenedDraws, table: HypothesisTable, saved: string | undefined): string {
  return [
    ...(run?.manifest.simulated ? ["SIMULATED data", ""] : []),
    describeHypotheses(table),
    ...(run?.diagnostics.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...(saved === undefined ? [] : [`Kept in ${saved}`]),
  ].join("\n");
}

/** Draws from the prior: a file, another program's, or a run that says that it is of the prior alone. */
async function openPrior(path: string): Promise<OpenedDraws> {
  const opened = await openDraws(path);
  const manifest = opened.run?.manifest;
  if (manifest === undefined || manifest.imported !== undefined || manifest.prior_only) return opened;
  await opened.draws.close();
  throw new InputError(
    "has draws from the posterior; fit the same model with --prior-only and give that run as --prior",
    {
      file: path,
    },
  );
}
