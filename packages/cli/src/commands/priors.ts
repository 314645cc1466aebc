import { familyNamed, type PriorRow, priorTable } from "@bridgewise/core";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { readData, readRatings } from "../pipeline/ratings.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { alignColumns } from "../terminal/table.ts";
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
    Argument.withDescription("As in brms and lme4: 'y ~ x + (1 | g)'"),
  ),
  data: Flag.String("data").pipe(
    Flag.withMetavar("FILE.csv"),
    Flag.withDescription("Ratings, one row each: the defaults depend on them"),
  ),
  family: familyFlag,
  prior: priorFlag,
  where: whereFlag,
  rename: renameFlag,
  contrasts: contrastsFlag,
  levels: levelsFlag,
  json: Flag.Boolean("json").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print the rows as JSON, nothing else"),
  ),
};

export const priors = Command.make(
  "priors",
  flags,
  Effect.fnUntraced(function* ({ formula, data, family, prior, where, rename, contrasts, levels, json }) {
    yield* attempt(async () => {
      const [coding, declared] = [parseContrasts(contrasts), parseLevels(levels)];
      const { model, notes } = readRatings(await readData(data), {
        formula,
        family: familyNamed(family),
        priors: prior,
        where: Option.getOrNull(Option.map(where, parseWhere)),
        rename: parseRename(rename),
        ...(coding !== undefined && { contrasts: coding }),
        ...(declared !== undefined && { levels: declared }),
      });
      const rows = priorTable(model, prior);
      await writeOut(`${json ? JSON.stringify(rows) : describe(rows, notes)}\n`);
    });
  }),
).pipe(
  Command.withDescription(
    "Lists the priors of a model as brms's default_prior does: what each parameter gets, where it comes from, and what --prior can name. Fits nothing.",
  ),
  Command.withShortDescription("List a model's priors"),
  Command.withExamples([
    {
      command:
        "bridgewise priors 'score ~ curiosity + (1 + curiosity | user)' --data ratings.csv --family gaussian --prior 'sd[user,curiosity] ~ exponential(1)'",
      description: "With one of your own, marked 'user'",
    },
  ]),
);

/** Columns that say nothing of any row are left out. */
function describe(rows: readonly PriorRow[], notes: readonly string[]): string {
  const columns = (["prior", "class", "coef", "group", "lb", "ub", "source"] as const).filter((name) =>
    rows.some((row) => row[name] !== ""),
  );
  const cells = rows.map((row) => columns.map((name) => row[name]));
  const table = alignColumns([[...columns], ...cells], columns.length);
  const centred = rows.some((row) => row.class === "Intercept" && row.coef === "")
    ? ["Intercept: with the predictors at their means, as in brms."]
    : [];
  return [...notes, table, "", ...centred].join("\n").trimEnd();
}
