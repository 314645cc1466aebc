import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DrawsBlock } from "../draws/block.ts";
import { chooseDraws } from "../draws/choose.ts";
import { narrowDraws } from "../draws/encode.ts";
import { dataScript, drawsScript, type PageFrame, singlePageHtml } from "../page-html.ts";
import type { ReportData, RunDraws } from "../report-data.ts";
import type { RunFiles } from "./run-files.ts";
import { unstamped } from "./stamped.ts";

/** Bytes of a single file, at most, as long as the data without draws keep below. */
export const SINGLE_BYTES = 8_000_000;
/** Around a variable's draws in base64: its name, and its share of what says whose they are. */
const around = (variables: readonly string[]): number =>
  64 + 2 * Math.max(0, ...variables.map((name) => Buffer.byteLength(JSON.stringify(name))));

export interface SinglePage {
  readonly html: string;
  /** Runs of which some draws, or all, are not in it. */
  readonly without: readonly string[];
}

/**
 * The whole report as one file, from a report folder's files: script, style and data are in it, and as many draws as keep it below
 * 8 MB, see `chooseDraws`.
 */
export async function singlePage(
  page: PageFrame,
  dir: string,
  data: Omit<ReportData, "runs">,
  runs: readonly RunFiles[],
  limit: number = SINGLE_BYTES,
): Promise<SinglePage> {
  const text = (name: string): Promise<string> => readFile(join(dir, name), "utf8");
  const style = await text("report.css");
  const script = await text("report.js");
  let own = "";
  for (const { data } of runs) own += unstamped(await text(data));
  const build = (draws: readonly (RunDraws | null)[], blocks: string): string =>
    singlePageHtml(page, style, [own + blocks + dataScript(data, draws), script]);

  const size = Buffer.byteLength(build(placed(runs, []), ""));
  const sizes = runs.map(({ draws }) => ({
    variables: draws?.variables ?? [],
    each: draws ? Math.ceil((8 * draws.chains * draws.draws * 4) / 3) + around(draws.variables) : 0,
  }));
  const chosen = chooseDraws(sizes, limit - size);
  let blocks = "";
  for (const [i, { id, draws }] of runs.entries()) {
    if (!draws?.script || chosen[i]!.length === 0) continue;
    blocks += drawsScript(id, narrowDraws(blockIn(await text(draws.script)), chosen[i]!));
  }
  return {
    html: build(placed(runs, chosen), blocks),
    without: runs
      .filter(({ draws }, i) => draws && chosen[i]!.length < draws.variables.length)
      .map(({ id }) => id),
  };
}

/** Where each run's draws are once these were taken into the file. */
const placed = (runs: readonly RunFiles[], chosen: readonly (readonly string[])[]): (RunDraws | null)[] =>
  runs.map(({ draws }, i) => {
    const variables = chosen[i] ?? [];
    return (
      draws && {
        ...draws,
        script: null,
        variables,
        left_out: [...draws.variables.filter((name) => !variables.includes(name)), ...draws.left_out],
      }
    );
  });

/** The block in a draws script: within texts its first quotes would be escaped. */
const blockIn = (script: string): DrawsBlock =>
  JSON.parse(script.slice(script.indexOf('{"chains":'), script.lastIndexOf("}") + 1));
