import { join } from "node:path";
import type { Flow } from "@bridgewise/core";
import { writePrismTable } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { type PlanFile, readPlan, shippedPlan } from "../pipeline/plan-file.ts";
import { checkPlanFolder } from "../pipeline/plan-folder.ts";
import type { StopSignal } from "../pipeline/run.ts";
import { stoppable } from "../stoppable.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";
import { commandTyped, onlyOf, planRunFlags, threadsOf } from "./plan-flags.ts";
import { reportPlan } from "./plan-report.ts";
import { flowTable } from "./prism.ts";

/** A plan's file; the paper's where undefined. */
export const paperPlan = (file?: string): Promise<PlanFile> =>
  file === undefined ? shippedPlan("paper") : readPlan(file);

export const reproduce = Command.make(
  "reproduce",
  {
    prism: Flag.String("prism").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder with PRISM's survey, conversations, utterances and metadata.jsonl"),
    ),
    scores: Flag.String("scores").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Attribute scores of prompts and responses, CSV or JSONL"),
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for all that comes of it"),
    ),
    plan: Flag.String("plan").pipe(
      Flag.optional,
      Flag.withMetavar("PLAN.yaml"),
      Flag.withDescription(
        "Your own analyses of PRISM's table (default: the paper's; bridgewise plan paper prints them)",
      ),
    ),
    ...planRunFlags,
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* stoppable(
      (signal) =>
        reproducePaper({
          ...flags,
          plan: Option.getOrUndefined(flags.plan),
          only: onlyOf(flags.only),
          threads: threadsOf(flags.threads),
          seed: Option.getOrUndefined(flags.seed),
          command: commandTyped(),
          signal,
        }),
      () => {},
    );
  }),
).pipe(
  Command.withDescription(
    "All analyses of Kyrychenko et al. (arXiv 2503.16480) on PRISM and a scores file: table, fits, hypotheses beside the published ones, leave-one-out, checks, report. What is there already is not done again; stopped, the same command goes on.",
  ),
  Command.withShortDescription("The paper, whole: every analysis, table and figure"),
  Command.withExamples([
    {
      command: "bridgewise reproduce --prism prism --scores scores.csv --out out/paper",
      description: "Then open out/paper/report/index.html",
    },
    {
      command: "bridgewise reproduce --prism prism --scores scores.csv --out out/paper --only 1a,3-TOXICITY",
      description: "Analysis 1a, and one fit of analysis 3",
    },
  ]),
);

export interface ReproduceRequest {
  readonly prism: string;
  readonly scores: string;
  readonly out: string;
  /** A plan's file; the paper's where undefined. */
  readonly plan?: string | undefined;
  readonly only: readonly string[] | undefined;
  readonly threads: number;
  readonly sensitivity: boolean;
  readonly seed: number | undefined;
  readonly restart: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly command: string;
  readonly signal: StopSignal;
  /** Seconds spent before, by phase. */
  readonly phases?: readonly { readonly phase: string; readonly seconds: number }[];
}

/** PRISM's files and scores to the table, the plan's fits, and the report. */
export async function reproducePaper(request: ReproduceRequest): Promise<void> {
  const { prism, scores, out, plan, quiet, json, phases = [] } = request;
  const began = performance.now();
  const planFile = await paperPlan(plan);
  await checkPlanFolder(out, planFile);
  const table = join(out, "table");
  const { flow, issues, overview } = await writePrismTable({ prism, scores, out: table });
  if (!json) for (const issue of issues) console.error(`Note: ${issue.message}`);
  if (!quiet && !json) {
    console.log(flowTable(flow));
    for (const note of flow.notes) console.log(note);
    console.log();
  }
  await reportPlan({
    ...request,
    label: "reproduce",
    planFile,
    data: join(table, "table.csv"),
    mayLack: true,
    scores: scoresOf(flow),
    overview: () => overview,
    phases: [...phases, { phase: "table", seconds: (performance.now() - began) / 1000 }],
  });
}

/** Said where responses were left out for want of scores, other than a handful. */
function scoresOf({ steps }: Flow): string | null {
  const scored = steps.find(({ step }) => step === "scored");
  if (scored === undefined) return null;
  const all = scored.responses + scored.dropped.responses;
  if (scored.dropped.responses < FEW_UNSCORED * all) return null;
  const n = (count: number): string => count.toLocaleString("en");
  return `the scores file covers ${n(scored.responses)} of ${n(all)} responses`;
}

/** Share of responses without scores that goes without saying. */
const FEW_UNSCORED = 0.005;
