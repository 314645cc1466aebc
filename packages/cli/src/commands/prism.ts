import { join } from "node:path";
import type { Flow } from "@bridgewise/core";
import { writePrismTable } from "@bridgewise/core/node";
import { Effect } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { alignColumns } from "../terminal/table.ts";
import { quietFlag } from "./fit-flags.ts";
import { prismCheck } from "./prism-check.ts";

const table = Command.make(
  "table",
  {
    prism: Flag.String("prism").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder with survey, conversations, utterances (and metadata).jsonl"),
    ),
    scores: Flag.String("scores").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Attribute scores, CSV, JSONL or Parquet"),
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for table.csv and flow.json"),
    ),
    quiet: quietFlag,
  },
  Effect.fnUntraced(function* ({ prism, scores, out, quiet }) {
    const { flow, issues } = yield* attempt(() => writePrismTable({ prism, scores, out }));
    for (const issue of issues) console.error(`Note: ${issue.message}`);
    if (quiet) return;
    console.log(flowTable(flow));
    for (const note of flow.notes) console.log(note);
    console.log(`Written: ${join(out, "table.csv")}, ${join(out, "flow.json")}`);
    console.log(
      `Next: bridgewise fit 'highest ~ REASONING_NUANCE + (1 | user_id/conversation_id) + (1 | model_name)' --data ${join(out, "table.csv")} --family bernoulli --out runs/highest`,
    );
  }),
).pipe(
  Command.withDescription(
    "Joins PRISM's files and a scores file to one row per response of the first turn, and counts what was kept and dropped.",
  ),
  Command.withShortDescription("PRISM's files and a scores file to one table"),
  Command.withExamples([
    {
      command: "bridgewise prism table --prism prism --scores scores.csv --out table",
      description: "Writes table/table.csv and table/flow.json",
    },
  ]),
);

export const prism = Command.make("prism").pipe(
  Command.withDescription("Works with PRISM's files."),
  Command.withShortDescription("Work with PRISM's files"),
  Command.withSubcommands([prismCheck, table]),
);

/** What was kept at each step, beside PAPER's counts. */
export function flowTable(flow: Flow): string {
  const n = (value: number | undefined): string => (value === undefined ? "" : value.toLocaleString("en"));
  return alignColumns([
    ["Step", "Users", "Conversations", "Responses", "Dropped", "Paper's conversations"],
    ...flow.steps.map((s) => [
      s.step,
      n(s.users),
      n(s.conversations),
      n(s.responses),
      n(s.dropped.responses),
      n(s.paper?.conversations),
    ]),
  ]);
}
