import { InputError } from "@bridgewise/core";
import {
  EXPORT_FORMATS,
  type ExportRequest,
  type ExportResult,
  exportRun,
  exportText,
  TEXT_FORMATS,
} from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";

export const exportCommand = Command.make(
  "export",
  {
    run: Argument.String("run").pipe(Argument.withDescription("Run folder")),
    to: Flag.Literals("to", EXPORT_FORMATS).pipe(
      Flag.withDescription(
        "csv (R's posterior), stan-csv (one file a chain), parquet, arrow, inference-data (ArviZ, netCDF), latex, markdown (tables), json",
      ),
    ),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("FILE"),
      Flag.withDescription("Default: the run folder's name with the format's ending; - is standard output"),
    ),
    variables: Flag.String("variables").pipe(
      Flag.atLeast(0),
      Flag.withMetavar("GLOB"),
      Flag.withDescription(
        "Only these: 'b_*', with * for any text and ? for a character (repeat it). Tables leave out r_* by default",
      ),
    ),
    force: Flag.Boolean("force").pipe(Flag.withDefault(false), Flag.withDescription("Replace a file")),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ run, to, out, variables, force, quiet, json }) {
    const request = { run, to, variables };
    const file = Option.getOrUndefined(out);
    if (file === "-") {
      yield* attempt(() => exportText(textRequest(request), writeOut));
      return;
    }
    const result = yield* attempt(() => exportRun({ ...request, out: file, force }));
    if (json) console.log(JSON.stringify(result));
    else if (!quiet) console.log(describe(result));
  }),
).pipe(
  Command.withDescription("Writes a run's draws, or tables of its estimates, in another program's format."),
  Command.withShortDescription("Write a run in another format"),
  Command.withExamples([
    {
      command: "bridgewise export runs/score --to inference-data --out score.nc",
      description: "For arviz.from_netcdf",
    },
    {
      command: "bridgewise export runs/score --to latex --variables 'b_*' --out -",
      description: "A table of the coefficients on standard output",
    },
  ]),
);

function textRequest(request: ExportRequest): Parameters<typeof exportText>[0] {
  const to = TEXT_FORMATS.find((format) => format === request.to);
  if (to === undefined)
    throw new InputError(
      `--out - is for ${TEXT_FORMATS.join(", ")}; ${request.to} needs a file: give its name with --out`,
    );
  return { ...request, to };
}

function describe({ files, variables, chains, draws, simulated }: ExportResult): string {
  const n = (value: number): string => value.toLocaleString("en");
  return [
    `Written: ${files.join(", ")}`,
    `${n(variables)} variables, ${chains} chains of ${n(draws)} draws${simulated ? ", SIMULATED data" : ""}`,
  ].join("\n");
}
