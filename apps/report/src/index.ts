import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Flow,
  InputError,
  type RunDiagnostics,
  type RunManifest,
  type RunSummary,
} from "@bridgewise/core";
import { dataScript, pageHtml } from "./page-html.ts";
import type { ReportData, ReportRun } from "./report-data.ts";
import { type DrawsSource, shapesOf } from "./shape.ts";

export type { PosteriorShape, ReportData, ReportRun } from "./report-data.ts";

export interface ReportOptions {
  readonly runs: readonly ReportRun[];
  /** What was kept and dropped of the data. */
  readonly flow?: Flow;
  /** Folder of the report; an earlier report there is replaced. */
  readonly out: string;
  readonly title?: string;
}

/** What core's `readRunFolder` gives. */
export interface RunFolderLike {
  readonly dir: string;
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  openDraws(): Promise<DrawsSource & { close(): Promise<void> }>;
}

/** Groups with more levels than this are told by their standard deviation alone. */
const SHOWN_LEVELS = 100;

/**
 * A run folder as the report shows it: densities and quartiles are taken from the draws, one variable at a time; the single effects of
 * groups with more than 100 levels are left out.
 */
export async function reportRunFromFolder(folder: RunFolderLike): Promise<ReportRun> {
  const { dir, manifest, summary, diagnostics } = folder;
  const large = manifest.groups.filter(({ levels }) => levels > SHOWN_LEVELS).map(({ name }) => `r_${name}[`);
  const variables = Object.fromEntries(
    Object.entries(summary.variables).filter(([name]) => !large.some((start) => name.startsWith(start))),
  );
  const draws = await folder.openDraws();
  try {
    const shapes = await shapesOf(draws);
    return {
      id: basename(resolve(dir)),
      // what is drawn beside a posterior must not be taken for one
      manifest: manifest.prior_only ? { ...manifest, label: `${manifest.label} (prior alone)` } : manifest,
      summary: { ...summary, variables },
      diagnostics,
      shapes,
    };
  } finally {
    await draws.close();
  }
}

/** The file by which a folder is known to be a report, so that nothing else is ever replaced. */
const DATA = "data.js";

/** The page's script and style sheet, made by vite. */
const page = new URL(import.meta.url.endsWith(".ts") ? "../dist/page/" : "./page/", import.meta.url);

/**
 * Writes a report that opens from disk without a server or a network: index.html, data.js and the page's script and style. It is
 * written beside its place and renamed. InputError where there are no runs, or the place holds something else.
 */
export async function buildReport(options: ReportOptions): Promise<{ index: string }> {
  const { runs, flow, out } = options;
  if (runs.length === 0) throw new InputError("a report needs at least one run folder");
  const data: ReportData = {
    title: options.title ?? "What people prefer",
    created: new Date().toISOString(),
    version: runs[0]!.manifest.bridgewise,
    runs: uniqueIds(runs),
    ...(flow && { flow }),
  };
  await checkPlace(out);
  const target = resolve(out);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await mkdir(temporary, { recursive: true });
    for (const name of ["report.js", "report.css"])
      await copyFile(fileURLToPath(new URL(name, page)), join(temporary, name));
    await writeFile(join(temporary, DATA), dataScript(data));
    await writeFile(join(temporary, "index.html"), pageHtml(data));
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" && String((error as Error).message).includes("report.js")) {
      throw new InputError("the report's page is not built: run 'npm run build' first", {
        file: fileURLToPath(page),
      });
    }
    if (code !== undefined)
      throw new InputError(`the report cannot be written (${code}); choose another place for it`, {
        file: out,
      });
    throw error;
  }
  return { index: join(out, "index.html") };
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

/** Run folders of the same name get a number. */
function uniqueIds(runs: readonly ReportRun[]): ReportRun[] {
  const seen = new Map<string, number>();
  return runs.map((run) => {
    const count = (seen.get(run.id) ?? 0) + 1;
    seen.set(run.id, count);
    return count === 1 ? run : { ...run, id: `${run.id}-${count}` };
  });
}
