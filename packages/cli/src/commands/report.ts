import { readFile } from "node:fs/promises";
import { type Flow, flowShape, InputError } from "@bridgewise/core";
import { type BuiltReport, buildReport, collect } from "@bridgewise/report";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";

export const report = Command.make(
  "report",
  {
    runs: Argument.String("runs").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription("Run folders, or the output folder of 'reproduce' or 'run'"),
    ),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for the report"),
    ),
    single: Flag.String("single").pipe(
      Flag.optional,
      Flag.withMetavar("FILE"),
      Flag.withDescription("The report as one HTML file of at most 8 MB, with as many draws as it holds"),
    ),
    flow: Flag.String("flow").pipe(
      Flag.optional,
      Flag.withMetavar("flow.json"),
      Flag.withDescription("Counts of kept and dropped data"),
    ),
    title: Flag.String("title").pipe(Flag.optional),
    json: Flag.Boolean("json").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Print what was written as JSON, nothing else"),
    ),
  },
  Effect.fnUntraced(function* ({ runs, out, single, flow, title, json }) {
    const built = yield* attempt(() =>
      makeReport(
        runs,
        Option.getOrUndefined(out),
        Option.getOrUndefined(flow),
        Option.getOrUndefined(title),
        Option.getOrUndefined(single),
      ),
    );
    console.log(json ? JSON.stringify(built) : describeReport(built));
  }),
).pipe(
  Command.withDescription(
    "Builds the report of one or more run folders, or of all that a plan found: static files that open offline from disk. A report that is built again reads only the runs that changed.",
  ),
  Command.withShortDescription("Build the report of runs"),
  Command.withExamples([
    {
      command: "bridgewise report runs/all runs/unguided --out report",
      description: "Two runs side by side; open report/index.html",
    },
    {
      command: "bridgewise report out/paper --single paper.html",
      description: "All that 'bridgewise reproduce' wrote, as one file to send",
    },
  ]),
);

/** Where a report is, and what is not in it. */
export function describeReport({ index, single, kept, runs }: BuiltReport): string {
  const lines: string[] = [];
  if (index !== single?.file)
    lines.push(`Report: ${index}${kept > 0 ? ` (${runs - kept} of ${runs} runs read anew)` : ""}`);
  if (single) {
    const parts = [
      `${(single.bytes / 1e6).toFixed(1)} MB`,
      single.precision === "rounded" && "draws rounded to 16 bits, their signs kept",
      single.without.length > 0 &&
        `too large for it were some draws of ${single.without.length} of ${runs} runs, which the page names`,
    ];
    lines.push(`Single file: ${single.file} (${parts.filter((text) => text !== false).join("; ")})`);
  }
  return lines.join("\n");
}

/**
 * Builds the report of run folders or of a plan's output: a folder, a single file, or both. `flowFile` takes the place of the counts in a
 * plan's output.
 */
export async function makeReport(
  folders: readonly string[],
  out: string | undefined,
  flowFile?: string,
  title?: string,
  single?: string,
): Promise<BuiltReport> {
  if (out === undefined && single === undefined)
    throw new InputError("say where the report goes: --out DIR, --single FILE, or both");
  const flow = flowFile === undefined ? undefined : await readFlow(flowFile);
  return buildReport({
    ...(await collect(folders)),
    ...(out !== undefined && { out }),
    ...(single !== undefined && { single }),
    ...(flow && { flow }),
    ...(title !== undefined && { title }),
  });
}

async function readFlow(file: string): Promise<Flow> {
  const wayOut = "give the flow.json that 'bridgewise prism table' wrote";
  let flow: unknown;
  try {
    flow = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new InputError(`cannot be read as JSON (${(error as Error).message}): ${wayOut}`, { file });
  }
  const wrong = flowShape(flow, "");
  if (wrong !== null)
    throw new InputError(`'${wrong.path || "it"}' is ${wrong.found}, expected ${wrong.expected}: ${wayOut}`, {
      file,
    });
  return flow as Flow;
}
