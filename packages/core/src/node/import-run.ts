import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type ReadDraws, separateSampler } from "../import/imported-draws.ts";
import { readArrowDraws } from "../import/read-arrow-draws.ts";
import { readCsvDraws } from "../import/read-csv-draws.ts";
import { readParquetDraws } from "../import/read-parquet-draws.ts";
import { readStanCsv } from "../import/read-stan-csv.ts";
import { InputError } from "../input-error.ts";
import { ebfmi } from "../posterior/ebfmi.ts";
import { summarize } from "../posterior/summarize.ts";
import { diagnose } from "../run/diagnose.ts";
import type { RunDiagnostics, RunManifest, RunSummary } from "../run/run.ts";
import { writeRunFolder } from "./run-folder.ts";
import { cannotRead, readText } from "./text-file.ts";
import { isFinished } from "./unfinished-run.ts";

export const IMPORT_FORMATS = ["stan-csv", "csv", "parquet", "arrow"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportRequest {
  /** A file a chain for stan-csv, one file for the others. */
  readonly files: readonly string[];
  /** The run folder. */
  readonly out: string;
  /** Default: told by the first file's beginning. */
  readonly format?: ImportFormat | undefined;
  /** Default: the run folder's name. */
  readonly label?: string | undefined;
  readonly force?: boolean;
  /** Of bridgewise, for the manifest. */
  readonly version: string;
}

export interface ImportResult {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
}

/** Stands where a fit's manifest has its formula, family and density. */
const IMPORTED = "(imported)";
const WAY_OUT = "give the files of draws";

/**
 * Makes another program's draws a run folder that other commands take. What only a fit knows (formula, priors, data) is said to be
 * imported, or is empty; counts that the files do not tell are 0, and figures of the sampler null.
 */
export async function importRun(request: ImportRequest): Promise<ImportResult> {
  const { files, out, version } = request;
  if (request.force !== true && (await isFinished(out)))
    throw new InputError("holds a run already; --force replaces it, --out names another folder", {
      file: out,
    });
  const paths = files.map((file) => resolve(file));
  const twice = files.find((_, k) => paths.indexOf(paths[k]!) !== k);
  if (twice !== undefined)
    throw new InputError("is given twice; give every chain's file once", { file: twice });
  const began = performance.now();
  const format = request.format ?? (await formatOf(files[0]!));
  const read = await readDraws(files, format);
  const { draws, ...sampler } = separateSampler(read.draws);
  if (draws.variables.length === 0)
    throw new InputError("has no variables beside those of the sampler; give the file with the draws", {
      file: files[0]!,
    });
  const hashes = [];
  for (const file of files) hashes.push({ file: basename(file), sha256: await sha256Of(file) });
  const setup = (performance.now() - began) / 1000;

  const summaryBegan = performance.now();
  const variables = summarize(draws);
  const { chains, draws: drawsPerChain } = draws;
  const divergences = sampler.divergences ?? 0;
  const warmup = read.warmup ?? 0;
  const diagnostics = diagnose({
    ...sampler,
    ebfmi: ebfmiOfChains(sampler.energy, chains),
    summaries: variables,
    divergences,
    chains,
    drawsPerChain,
  });
  const summary: RunSummary = {
    variables,
    seconds: {
      setup,
      warmup: 0,
      sampling: 0,
      total: setup,
      summary: (performance.now() - summaryBegan) / 1000,
    },
    engine: "imported",
    chains,
    warmup,
    draws: drawsPerChain,
    divergences,
  };
  const manifest: RunManifest = {
    format: "bridgewise-run/1",
    bridgewise: version,
    label: request.label ?? basename(resolve(out)),
    formula: IMPORTED,
    family: IMPORTED,
    data: { ...hashes[0]!, rows: 0, rows_used: 0 },
    simulated: read.simulated,
    priors: {},
    groups: [],
    chains,
    warmup,
    draws: drawsPerChain,
    seed: read.seed ?? 0,
    threads: 0,
    engine: "imported",
    density: IMPORTED,
    imported: { format, files: hashes, sampler: sampler.columns },
    node: process.version,
    created: new Date().toISOString(),
  };
  await writeRunFolder(out, { manifest, summary, diagnostics, draws });
  return { manifest, summary, diagnostics };
}

/** E-BFMI of each chain, undefined where there are no energies or it is not defined. `energy`: [chains][draws]. */
function ebfmiOfChains(energy: Float64Array | null, chains: number): number[] | undefined {
  if (energy === null) return undefined;
  const draws = energy.length / chains;
  const values = Array.from({ length: chains }, (_, c) => ebfmi(energy.subarray(c * draws, (c + 1) * draws)));
  return values.every(Number.isFinite) ? values : undefined;
}

async function readDraws(files: readonly string[], format: ImportFormat): Promise<ReadDraws> {
  if (format === "stan-csv")
    return readStanCsv(files.map((file) => ({ file, text: readText(file, WAY_OUT) })));
  const [file, second] = files;
  if (second !== undefined)
    throw new InputError(
      `is a second file, but only stan-csv has a file for each chain; give one ${format} file with a column .chain`,
      { file: second },
    );
  const bytes = await readWhole(file!);
  if (format === "csv") return readCsvDraws(bytes, file!);
  return format === "parquet" ? readParquetDraws(bytes, file!) : readArrowDraws(bytes, file!);
}

/** By the first bytes: those of Parquet, of Arrow, a comment or `lp__` as in Stan's files; else CSV. */
async function formatOf(file: string): Promise<ImportFormat> {
  let head: string;
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(6), 0, 6, 0);
      head = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotRead(error, file, WAY_OUT);
  }
  if (head.startsWith("PAR1")) return "parquet";
  if (head === "ARROW1") return "arrow";
  return /^(#|lp__)/.test(head) ? "stan-csv" : "csv";
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw cannotRead(error, file, WAY_OUT);
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(file)) hash.update(bytes as Uint8Array);
  return hash.digest("hex");
}
