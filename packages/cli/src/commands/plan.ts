import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  buildModel,
  checkHypotheses,
  type Frame,
  fitFrame,
  InputError,
  type PlannedFit,
  parseCsv,
  planFits,
  textLevels,
  variableNames,
} from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type PlanFile, readPlan, shippedPlan, shippedPlans } from "../pipeline/plan-file.ts";
import { sortOut } from "../pipeline/plan-fits.ts";
import { readData } from "../pipeline/ratings.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { alignColumns } from "../terminal/table.ts";

const check = Command.make(
  "check",
  {
    file: Argument.String("file").pipe(Argument.withDescription("Plan, a YAML file")),
    data: Flag.String("data").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("Data that the plan is to be run on: are its columns there?"),
    ),
  },
  Effect.fnUntraced(function* ({ file, data }) {
    yield* attempt(async () => {
      const planFile = await readPlan(file);
      console.log(await describeCheck(planFile, Option.getOrUndefined(data)));
    });
  }),
).pipe(
  Command.withDescription(
    "Checks a plan, and with data whether each of its fits can be made of them; fits nothing.",
  ),
  Command.withShortDescription("Check a plan without fitting"),
);

/** A plan is written to be edited, so that another text in its place may be somebody's work. */
async function refuseEdited(file: string, text: string): Promise<void> {
  const there = await readFile(file, "utf8").catch(() => text);
  if (there !== text)
    throw new InputError("is there already and holds something else; give another name with --out", { file });
}

export const plan = Command.make(
  "plan",
  {
    name: Argument.String("name").pipe(
      Argument.optional,
      Argument.withDescription("A plan that comes with bridgewise, such as paper"),
    ),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.yaml"),
      Flag.withDescription("Write it there, with its published rows beside it, instead of printing it"),
    ),
  },
  Effect.fnUntraced(function* ({ name, out }) {
    yield* attempt(async () => {
      if (Option.isNone(name)) {
        const names = (await shippedPlans()).join(", ");
        throw new InputError(`which plan? With bridgewise come ${names}: bridgewise plan paper`);
      }
      const { text, published } = await shippedPlan(name.value);
      if (Option.isNone(out)) return writeOut(text);
      const files: [string, string][] = [[out.value, text]];
      if (published) files.push([join(dirname(out.value), basename(published.name)), published.text]);
      for (const [file, content] of files) await refuseEdited(file, content);
      for (const [file, content] of files) {
        await writeText(file, [content]);
        console.log(`Written: ${file}`);
      }
      console.log(`Next: bridgewise plan check ${out.value}`);
    });
  }),
).pipe(
  Command.withDescription(
    "Prints a plan that comes with bridgewise, to be copied and changed: paper, the analyses of arXiv 2503.16480.",
  ),
  Command.withShortDescription("Print or check a plan of analyses"),
  Command.withSubcommands([check]),
  Command.withExamples([
    { command: "bridgewise plan paper --out my-plan.yaml", description: "A plan to copy" },
    { command: "bridgewise plan check my-plan.yaml --data ratings.csv", description: "Before it is run" },
  ]),
);

/** InputError where a fit's model cannot be built, or lacks the variable of a hypothesis. */
function checkModel({ plan, file }: PlanFile, fit: PlannedFit, table: Frame): void {
  const frame = fitFrame(table, plan, fit);
  try {
    const { formula, family, priors } = fit;
    const { model } = buildModel({ formula, family, priors, frame, levels: plan.levels });
    checkHypotheses(plan, fit, variableNames(model, 0));
  } catch (error) {
    if (!(error instanceof InputError) || error.place.file === plan.file) throw error;
    throw new InputError(`the fit '${fit.id}': ${error.message}`, { file, line: fit.line }, error.pointer);
  }
}

async function describeCheck(planFile: PlanFile, data: string | undefined): Promise<string> {
  const { plan, published, file } = planFile;
  const table =
    data === undefined
      ? undefined
      : parseCsv((await readData(data)).bytes, { source: data, rename: plan.columns });
  const fits = planFits(plan, table ? { levels: textLevels(table), sensitivity: true } : {});
  const sorted = table && sortOut(fits, planFile, table, { mayLack: false });
  // each model is built once, so that whatever is wrong with it is known before a fit
  for (const { fit } of sorted?.possible ?? [])
    if (fit.role !== "sensitivity") checkModel(planFile, fit, table!);
  const skipped = new Map(sorted?.skipped.map(({ fit, reason }) => [fit.id, reason]));
  const rows = new Map(sorted?.possible.map(({ fit, rows }) => [fit.id, rows]));
  return [
    plan.title,
    alignColumns(
      [
        ["Fit", "Subset", "Family", ...(table ? ["Rows"] : []), "Draws", "Hypotheses"],
        ...fits.map((fit) => [
          fit.id,
          fit.subset,
          fit.family,
          ...(table ? [rows.get(fit.id)?.toLocaleString("en") ?? "left out"] : []),
          `${fit.chains} x ${fit.draws.toLocaleString("en")}`,
          String(fit.hypotheses.length),
        ]),
      ],
      3,
    ),
    ...[...skipped].map(([id, reason]) => `Left out: ${id}: ${reason}`),
    `${fits.length} fits, ${fits.reduce((n, fit) => n + fit.hypotheses.length, 0)} hypotheses, ${plan.comparisons.length} ${plan.comparisons.length === 1 ? "comparison" : "comparisons"}${published ? `, ${published.content.rows.length} published rows` : ""}${table || plan.sensitivity.length === 0 ? "" : `; sensitivity fits are known with --data`}`,
    table
      ? `Next: bridgewise run ${file} --data ${data} --out out/${basename(file).replace(/\.ya?ml$/, "")}`
      : `Next: bridgewise plan check ${file} --data FILE.csv`,
  ].join("\n");
}
