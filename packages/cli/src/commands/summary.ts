import { InputError, summaryTable } from "@bridgewise/core";
import { openDraws, readAhead } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { describeSummary } from "../terminal/model-summary.ts";

const flags = {
  draws: Argument.String("draws").pipe(Argument.withDescription("Run folder, or a file of draws")),
  variables: Flag.String("variables").pipe(
    Flag.atLeast(0),
    Flag.withMetavar("GLOB"),
    Flag.withDescription("Only these, such as 'r_model*' (repeat it); default: all but single group levels"),
  ),
  probs: Flag.String("probs").pipe(
    Flag.optional,
    Flag.withMetavar("LOW,HIGH"),
    Flag.withDescription("Quantiles of the interval, default 0.025,0.975"),
  ),
  robust: Flag.Boolean("robust").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Median and MAD instead of mean and standard deviation"),
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print the table as JSON, nothing else"),
  ),
};

type Flags = Command.Command.Config.Infer<typeof flags>;

export const summary = Command.make(
  "summary",
  flags,
  Effect.fnUntraced(function* (flags) {
    const text = yield* attempt(() => summarizeDraws(flags));
    console.log(text);
  }),
).pipe(
  Command.withDescription(
    "Prints a run's estimates by parts, as brms does: group-level and population-level effects, further parameters; R-hat, effective sample sizes, and what is wrong with the draws.",
  ),
  Command.withShortDescription("Summarise a fit's draws"),
  Command.withExamples([
    { command: "bridgewise summary runs/score", description: "95% intervals" },
    {
      command: "bridgewise summary runs/score --variables 'r_model*' --probs 0.05,0.95",
      description: "The levels of one group, 90% intervals",
    },
  ]),
);

async function summarizeDraws({ draws: path, variables, probs, robust, json }: Flags): Promise<string> {
  const interval = Option.getOrUndefined(Option.map(probs, parseProbs));
  const { draws, run } = await openDraws(path);
  try {
    const table = await summaryTable(readAhead(draws), {
      variables,
      robust,
      ...(interval && { probs: interval }),
    });
    // a run's own warnings are about all of its variables and its transitions
    const warnings = run?.diagnostics.warnings ?? table.warnings;
    return json ? JSON.stringify({ ...table, warnings }) : describeSummary(table, warnings, run);
  } finally {
    await draws.close();
  }
}

function parseProbs(text: string): [number, number] {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [low, high] = parts;
  if (parts.length !== 2 || !(low! >= 0 && low! < high! && high! <= 1))
    throw new InputError(`--probs takes two probabilities that rise, such as 0.05,0.95: '${text}'`);
  return [low!, high!];
}
