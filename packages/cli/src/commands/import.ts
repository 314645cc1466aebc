import { IMPORT_FORMATS, type ImportResult, importRun } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { summaryTable } from "../terminal/table.ts";
import { version } from "../version.ts";
import { jsonFlag, printResult, quietFlag } from "./fit-flags.ts";

export const importCommand = Command.make(
  "import",
  {
    files: Argument.String("files").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription("Files of draws: for stan-csv one a chain, else one"),
    ),
    out: Flag.String("out").pipe(Flag.withMetavar("DIR"), Flag.withDescription("Folder for the run")),
    format: Flag.Literals("format", IMPORT_FORMATS).pipe(
      Flag.optional,
      Flag.withDescription("Default: told by the first file's beginning"),
    ),
    label: Flag.String("label").pipe(
      Flag.optional,
      Flag.withDescription("Name in tables and figures (default: the folder's)"),
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Replace the run in the folder"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ files, out, format, label, force, ...flags }) {
    const result = yield* attempt(() =>
      importRun({
        files,
        out,
        format: Option.getOrUndefined(format),
        label: Option.getOrUndefined(label),
        force,
        version,
      }),
    );
    printResult(result, flags, (found) => describe(found, out));
  }),
).pipe(
  Command.withDescription(
    "Makes a run folder of another program's draws, which other commands take like a fit's: Stan CSV (CmdStan, rstan), CSV or Parquet in the layout of R's posterior (.chain, .iteration, variables), long CSV (chain, draw, variable, value), Arrow.",
  ),
  Command.withShortDescription("Make a run of another program's draws"),
  Command.withExamples([
    {
      command: "bridgewise import chain-1.csv chain-2.csv --out runs/stan",
      description: "Two chains of CmdStan",
    },
  ]),
);

function describe({ manifest, summary, diagnostics }: ImportResult, out: string): string {
  const { files, format, sampler } = manifest.imported!;
  const dropped = manifest.warmup > 0 ? ` after ${manifest.warmup.toLocaleString("en")} of warm-up` : "";
  return [
    `${files.map(({ file }) => file).join(", ")} (${format})${manifest.simulated ? ", SIMULATED data" : ""}`,
    "",
    summaryTable(summary),
    "",
    `${summary.chains} chains x ${summary.draws.toLocaleString("en")} draws${dropped}, ${sampler.includes("divergent__") ? `${summary.divergences} divergent` : "divergences not in the files"}`,
    ...diagnostics.warnings.map((warning) => `Warning: ${warning}`),
    `Run folder: ${out}`,
    `Next: bridgewise report ${out} --out ${out}/report`,
  ].join("\n");
}
