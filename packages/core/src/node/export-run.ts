import { basename, join, resolve } from "node:path";
import { runAttributes } from "../export/describe-run.ts";
import { drawsToCsv } from "../export/draws-csv.ts";
import { matchVariables } from "../export/match-variables.ts";
import { runDocument } from "../export/run-document.ts";
import { drawsToStanCsv } from "../export/stan-csv.ts";
import { InputError } from "../input-error.ts";
import { DrawsReader } from "./draws-reader.ts";
import { DrawsWriter } from "./draws-writer.ts";
import { exportInferenceData } from "./export-inference-data.ts";
import { exportParquet } from "./export-parquet.ts";
import { tablesOf } from "./export-tables.ts";
import { readHypotheses } from "./hypotheses-file.ts";
import { replaceFiles } from "./replace-files.ts";
import { checkSize, type RunFolder, readRunFolder } from "./run-folder.ts";
import { writeNew } from "./staged-files.ts";
import { isThere } from "./text-file.ts";
import { DRAWS } from "./unfinished-run.ts";

/** Formats and the endings of their files. */
const ENDINGS = {
  csv: ".csv",
  "stan-csv": ".csv",
  parquet: ".parquet",
  arrow: ".arrow",
  "inference-data": ".nc",
  latex: ".tex",
  markdown: ".md",
  json: ".json",
} as const;

export type ExportFormat = keyof typeof ENDINGS;
export const EXPORT_FORMATS = Object.keys(ENDINGS) as readonly ExportFormat[];
/** Those that are one text, which may go to standard output. */
export const TEXT_FORMATS = ["csv", "latex", "markdown", "json"] as const;
type TextFormat = (typeof TEXT_FORMATS)[number];

export interface ExportRequest {
  /** A run folder. */
  readonly run: string;
  readonly to: ExportFormat;
  /** Patterns of `matchVariables`; none: all variables, in tables all but single group levels. */
  readonly variables?: readonly string[];
}

export interface ExportResult {
  readonly format: ExportFormat;
  readonly files: readonly string[];
  readonly variables: number;
  readonly chains: number;
  /** Of each chain. */
  readonly draws: number;
  readonly simulated: boolean;
}

/** A run that is being exported. */
interface Source {
  readonly folder: RunFolder;
  readonly reader: DrawsReader;
  /** Indices of the variables. */
  readonly variables: readonly number[];
}

/**
 * Writes a run's draws or tables in another format; `out`: the file (default: the run folder's name with the format's ending, here),
 * for stan-csv OUT-1.csv and so on, one a chain. A file that exists is only replaced with `force`; all are written under temporary names.
 */
export async function exportRun(
  request: ExportRequest & { readonly out?: string | undefined; readonly force?: boolean },
): Promise<ExportResult> {
  const { to, run } = request;
  return withSource(request, async (source) => {
    const { folder, reader, variables } = source;
    const files = filesOf(to, request.out ?? `${basename(resolve(run))}${ENDINGS[to]}`, reader.chains);
    for (const file of files)
      if (request.force !== true && (await isThere(file)))
        throw new InputError("is there already; --force replaces it, --out names another file", { file });
    await replaceFiles(files, async (temporaries) => {
      const path = temporaries[0]!;
      if (to === "parquet") await exportParquet(path, reader, variables, folder.manifest);
      else if (to === "arrow") await writeArrow(path, source);
      else if (to === "inference-data") await exportInferenceData(path, reader, variables, folder);
      else if (to === "stan-csv")
        for (const [k, temporary] of temporaries.entries())
          await writeNew(
            temporary,
            drawsToStanCsv(namesOf(source), reader.blocks(variables, k + 1), k + 1, folder),
          );
      else await writeNew(path, textOf(to, source));
    });
    return {
      format: to,
      files,
      variables: variables.length,
      chains: reader.chains,
      draws: reader.draws,
      simulated: folder.manifest.simulated,
    };
  });
}

/** The text of an export, in pieces to `write`. */
export async function exportText(
  request: ExportRequest & { readonly to: TextFormat },
  write: (piece: string) => Promise<void>,
): Promise<void> {
  await withSource(request, async (source) => {
    for await (const piece of textOf(request.to, source)) await write(piece);
  });
}

async function withSource<A>(
  { run, to, variables: patterns = [] }: ExportRequest,
  work: (source: Source) => Promise<A>,
): Promise<A> {
  const folder = await readRunFolder(run);
  const reader = await DrawsReader.open(join(run, DRAWS));
  try {
    checkSize(run, DRAWS, reader, folder.manifest);
    const isTable = to === "latex" || to === "markdown";
    const variables = matchVariables(reader.variables, patterns).filter(
      (v) => !(isTable && patterns.length === 0 && reader.variables[v]!.startsWith("r_")),
    );
    return await work({ folder, reader, variables });
  } finally {
    await reader.close();
  }
}

const namesOf = ({ reader, variables }: Source): string[] => variables.map((v) => reader.variables[v]!);

async function* textOf(to: TextFormat, source: Source): AsyncGenerator<string> {
  const { folder, reader, variables } = source;
  if (to === "csv") yield* drawsToCsv(namesOf(source), reader.blocks(variables), reader.draws);
  else if (to === "json") {
    const hypotheses = await readHypotheses(folder.dir);
    yield runDocument({ ...folder, variables: namesOf(source), ...(hypotheses && { hypotheses }) });
  } else yield await tablesOf(to, folder, reader, variables);
}

async function writeArrow(path: string, source: Source): Promise<void> {
  const { folder, reader, variables } = source;
  const metadata = runAttributes(folder.manifest);
  const writer = await DrawsWriter.open(path, namesOf(source), reader.chains, undefined, metadata);
  try {
    for await (const { draws, values } of reader.slices(variables)) await writer.append(values, draws);
  } catch (error) {
    await writer.close();
    throw error;
  }
  await writer.finish();
}

/** One file, or for stan-csv one a chain. */
function filesOf(to: ExportFormat, out: string, chains: number): string[] {
  if (to !== "stan-csv") return [out];
  const stem = out.replace(/\.csv$/, "");
  return Array.from({ length: chains }, (_, c) => `${stem}-${c + 1}.csv`);
}
