import { formulaInflation, type VarianceInflation } from "@bridgewise/core";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { readData, readTable } from "../pipeline/ratings.ts";
import { alignColumns } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag } from "./fit-flags.ts";
import { parseRename, parseWhere, renameFlag, whereFlag } from "./model-flags.ts";

export const vif = Command.make(
  "vif",
  {
    formula: Argument.String("formula").pipe(Argument.withDescription("As for fit: 'y ~ x + z + (1 | g)'")),
    data: Flag.String("data").pipe(Flag.withMetavar("FILE.csv")),
    where: whereFlag,
    rename: renameFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ formula, data, where, rename, json }) {
    yield* attempt(async () => {
      const { frame } = readTable(await readData(data), {
        where: Option.getOrNull(Option.map(where, parseWhere)),
        rename: parseRename(rename),
      });
      const { rows, terms } = formulaInflation(formula, frame);
      console.log(json ? JSON.stringify({ formula, rows, terms }) : describe(formula, rows, terms));
    });
  }),
).pipe(
  Command.withDescription(
    "Variance inflation of a formula's fixed effects before anything is fitted: how much the other terms take away from what the data say about each. As car's vif (GVIF for terms of several columns), in performance's words.",
  ),
  Command.withShortDescription("Collinearity of a formula's terms, before fitting"),
  Command.withExamples([
    { command: "bridgewise vif 'score ~ CURIOSITY + NUANCE + (1 | user_id)' --data table.csv" },
  ]),
);

function describe(formula: string, rows: number, terms: readonly VarianceInflation[]): string {
  const high = terms.filter(({ collinearity }) => collinearity === "high");
  return [
    formula,
    `Variance inflation of the fixed effects, ${rows.toLocaleString("en")} rows`,
    "",
    alignColumns([
      ["", "GVIF", "Df", "GVIF^(1/(2 Df))", "Tolerance", "Collinearity"],
      ...terms.map(({ term, gvif, df, scaled, tolerance, collinearity }) => [
        term,
        gvif.toFixed(2),
        String(df),
        scaled.toFixed(2),
        tolerance.toFixed(3),
        collinearity,
      ]),
    ]),
    ...wrap(
      "Below 5 low, to 10 moderate, above high. GVIF^(1/(2 Df)) is how many times wider a coefficient's interval is than without the other terms.",
      100,
    ),
    ...(high.length === 0
      ? []
      : wrap(
          `High: ${high.map(({ term }) => term).join(", ")}: leave one out, combine them, or, where it is a product or a square, centre its parts with scale().`,
          100,
        )),
  ].join("\n");
}
