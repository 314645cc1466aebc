import { readFile } from "node:fs/promises";

import { type Flow, InputError } from "@bridgewise/core";
import { readRunFolder } from "@bridgewise/core/node";
import { buildReport, reportRunFromFolder } from "@bridgewise/report";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";

export const report = Command.make(
  "report",
  {
    runs: Argument.String("runs").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription("Run folders"),
    ),
    out: Flag.String("out").pipe(Flag.withMetavar("DIR"), Flag.withDescription("Folder for the report")),
    flow: Flag.String("flow").pipe(
      Flag.optional,
      Flag.withMetavar("flow.json"),
      Flag.withDescription("Counts of kept and dropped data"),
    ),
    title: Flag.String("title").pipe(Flag.optional),
  },
  Effect.fnUntraced(function* ({ runs, out, flow, title }) {
    const { index } = yield* attempt(() =>
      makeReport(runs, out, Option.getOrUndefined(flow), Option.getOrUndefined(title)),
    );
    console.log(`Report: ${index}`);
  }),
).pipe(
  Command.withDescription(
    "Builds the report of one or more run folders: static files that open offline from disk.",
  ),
  Command.withShortDescription("Build the report of runs"),
  Command.withExamples([
    {
      command: "bridgewise report runs/all runs/unguided --out report",
      description: "Two runs side by side; open report/index.html",
    },
  ]),
);

/** Reads the run folders and writes the report. */
export async function makeReport(
  runs: readonly string[],
  out: string,
  flowFile?: string,
  title?: string,
): Promise<{ index: string }> {
  const folders = await Promise.all(runs.map((dir) => readRunFolder(dir)));
  const flow = flowFile === undefined ? undefined : await readFlow(flowFile);
  return buildReport({
    runs: await Promise.all(folders.map((folder) => reportRunFromFolder(folder))),
    out,
    ...(flow && { flow }),
    ...(title !== undefined && { title }),
  });
}

async function readFlow(file: string): Promise<Flow> {
  let flow: Flow;
  try {
    flow = JSON.parse(await readFile(file, "utf8")) as Flow;
  } catch (error) {
    throw new InputError(
      `cannot be read as JSON (${(error as Error).message}): give the flow.json that 'bridgewise prism table' wrote`,
      { file },
    );
  }
  if (!Array.isArray(flow?.steps))
    throw new InputError("has no 'steps': give the flow.json that 'bridgewise prism table' wrote", { file });
  return flow;
}
