import { randomUUID } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import type { CollectedRun } from "../collect/collect-run.ts";
import { dataScript, type PageFrame, pageHtml } from "../page-html.ts";
import type { Precision, ReportData, ReportRun } from "../report-data.ts";
import { reportTitle } from "../sentences.ts";
import { type RunFiles, writeRunFiles } from "./run-files.ts";
import { type SinglePage, singlePage } from "./single-page.ts";

export interface ReportOptions extends Pick<ReportData, "flow" | "results" | "overview" | "plan"> {
  /** Runs as they are, or looked at by `collectRun`: those bring their draws, and are only read where the report does not have them yet. */
  readonly runs: readonly (ReportRun | CollectedRun)[];
  /** Folder of the report; an earlier report there is replaced. */
  readonly out?: string;
  /** The same as one file. */
  readonly single?: string;
  /** Bytes of the single file, at most, as long as it has draws to leave out: 8 MB where undefined. */
  readonly singleBytes?: number;
  readonly title?: string;
}

export interface BuiltReport {
  /** What a browser opens: the folder's page where there is one, else the file. */
  readonly index: string;
  readonly single?: {
    readonly file: string;
    readonly bytes: number;
    /** Runs of which some draws are not in the file, for its size. */
    readonly without: readonly string[];
    readonly precision: Precision;
  };
  readonly runs: number;
  /** Runs that were taken over as they were from the report that was there. */
  readonly kept: number;
}

/** The file by which a folder is known to be a report, so that nothing else is ever replaced. */
const DATA = "data.js";

/** The page's script and style sheet, made by vite. */
const page = new URL(import.meta.url.endsWith(".ts") ? "../../dist/page/" : "../page/", import.meta.url);

/**
 * Writes a report that opens from disk without a server or a network: a folder with index.html, the page's script and style, data.js
 * and two scripts a run (its data; its draws, which the page loads when they are asked for), or a single file, or both. All is written
 * beside its place and renamed. InputError where there are no runs, or the place holds something else.
 */
export async function buildReport(options: ReportOptions): Promise<BuiltReport> {
  const { runs, out, single, singleBytes, title, flow, results, overview, plan } = options;
  if (runs.length === 0) throw new InputError("a report needs at least one run folder");
  const data: Omit<ReportData, "runs"> = {
    title: title ?? reportTitle(runs),
    created: new Date().toISOString(),
    version: runs[0]!.manifest.bridgewise,
    ...(flow && { flow }),
    ...(results && { results }),
    ...(overview && { overview }),
    ...(plan !== undefined && { plan }),
  };
  const simulated =
    runs.some(({ manifest }) => manifest.simulated) || results?.simulated || overview?.simulated || false;
  const frame = { title: data.title, simulated };
  if (out !== undefined) await checkPlace(out);
  const target = out === undefined ? undefined : resolve(out);
  let temporary: string | undefined;
  try {
    temporary = target
      ? join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`)
      : await mkdtemp(join(tmpdir(), "bridgewise-report-"));
    await mkdir(temporary, { recursive: true });
    const files = await writeFolder(temporary, target ?? temporary, runs, data, frame);
    const built =
      single === undefined ? undefined : await singlePage(frame, temporary, data, files, singleBytes);
    if (target !== undefined) {
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
    }
    if (single !== undefined) await writeText(single, [built!.html]);
    return {
      index: out === undefined ? single! : join(out, "index.html"),
      ...(single !== undefined && { single: { file: single, ...whatIsIn(built!) } }),
      runs: files.length,
      kept: files.filter(({ kept }) => kept).length,
    };
  } catch (error) {
    throw cannotBuild(error, out ?? single);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

async function writeFolder(
  dir: string,
  before: string,
  runs: readonly (ReportRun | CollectedRun)[],
  data: Omit<ReportData, "runs">,
  frame: PageFrame,
): Promise<RunFiles[]> {
  for (const name of ["report.js", "report.css"])
    await copyFile(fileURLToPath(new URL(name, page)), join(dir, name));
  const files = await writeRunFiles(runs, dir, before);
  const draws = files.map((file) => file.draws);
  await writeFile(join(dir, DATA), dataScript(data, draws));
  const scripts = [...files.map((file) => file.data), DATA, "report.js"];
  await writeFile(join(dir, "index.html"), pageHtml(frame, scripts));
  return files;
}

const whatIsIn = ({ html, without, precision }: SinglePage) => ({
  bytes: Buffer.byteLength(html),
  without,
  precision,
});

function cannotBuild(error: unknown, place: string | undefined): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof InputError || code === undefined) return error;
  if (code === "ENOENT" && String((error as Error).message).includes("report.js"))
    return new InputError("the report's page is not built: run 'npm run build' first", {
      file: fileURLToPath(page),
    });
  return new InputError(`the report cannot be written (${code}); choose another place for it`, {
    ...(place !== undefined && { file: place }),
  });
}

async function checkPlace(out: string): Promise<void> {
  let files: string[];
  try {
    files = await readdir(out);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return;
    const why = code === "ENOTDIR" ? "is not a folder, or lies below a file" : `cannot be written (${code})`;
    throw new InputError(`the report's place ${why}; choose another one`, { file: out });
  }
  if (files.length > 0 && !(files.includes(DATA) && files.includes("report.js"))) {
    throw new InputError(
      "the folder holds something else than a report, which will not be replaced; choose another one",
      { file: out },
    );
  }
}
