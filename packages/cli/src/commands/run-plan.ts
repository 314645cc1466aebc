import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { readPlan } from "../pipeline/plan-file.ts";
import { checkPlanFolder } from "../pipeline/plan-folder.ts";
import { planOverview } from "../pipeline/plan-overview.ts";
import { stoppable } from "../stoppable.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";
import { commandTyped, onlyOf, planRunFlags, threadsOf } from "./plan-flags.ts";
import { reportPlan } from "./plan-report.ts";

export const runPlanCommand = Command.make(
  "run",
  {
    plan: Argument.String("plan").pipe(Argument.withDescription("Plan, a YAML file")),
    data: Flag.String("data").pipe(
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("Ratings, one row each"),
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for all that comes of it"),
    ),
    ...planRunFlags,
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* stoppable(
      async (signal) => {
        const planFile = await readPlan(flags.plan);
        await checkPlanFolder(flags.out, planFile);
        await reportPlan({
          ...flags,
          label: "run",
          planFile,
          overview: (data) => planOverview(planFile.plan, data),
          mayLack: false,
          scores: null,
          phases: [],
          only: onlyOf(flags.only),
          threads: threadsOf(flags.threads),
          seed: Option.getOrUndefined(flags.seed),
          command: commandTyped(),
          signal,
        });
      },
      () => {},
    );
  }),
).pipe(
  Command.withDescription(
    "Runs a plan, analyses written down as data, on any ratings: fits, hypotheses, comparisons, report. What is there already is not done again; stopped, the same command goes on.",
  ),
  Command.withShortDescription("Run a plan of analyses on your data"),
  Command.withExamples([
    {
      command: "bridgewise plan paper --out my-plan.yaml",
      description: "A plan to copy and change",
    },
    {
      command: "bridgewise run my-plan.yaml --data ratings.csv --out out/mine",
      description: "All of its fits",
    },
  ]),
);
