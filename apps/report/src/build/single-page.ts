import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DATA_ELEMENT } from "../data-element.ts";
import { chooseDraws } from "../draws/choose.ts";
import { decodeDraws } from "../draws/decode.ts";
import { packDraws, packText } from "../draws/pack.ts";
import { blockInScript, type PageFrame, type PageText, runInScript, singlePageHtml } from "../page-html.ts";
import type { Precision, ReportData, ReportRun } from "../report-data.ts";
import type { RunFiles } from "./run-files.ts";
import { unstamped } from "./stamped.ts";

/** Bytes of a single file, at most, as long as the data without draws keep below. */
export const SINGLE_BYTES = 8_000_000;
/** Room for what tells where a run's draws are, beyond what it takes to tell that they are nowhere. */
const PLACE = 200;
/** Exact draws are not packed into fewer bytes than this share: their last digits are random. */
const PACKED = 0.8;

export interface SinglePage {
  readonly html: string;
  /** Runs of which some draws, or all, are not in it. */
  readonly without: readonly string[];
  /** Of the draws that are in it. */
  readonly precision: Precision;
}

/** Draws of one run in base64, by variable. */
interface PackedRun {
  readonly variables: readonly string[];
  readonly texts: readonly string[];
}

/**
 * The whole report as one file, from a report folder's files: style, script and data are in it, and its draws as far as they keep it
 * below 8 MB: all of them to the bit, or else rounded (`roundedBytes`), or else the more important of these (`chooseDraws`).
 */
export async function singlePage(
  page: PageFrame,
  dir: string,
  data: Omit<ReportData, "runs">,
  files: readonly RunFiles[],
  limit: number = SINGLE_BYTES,
): Promise<SinglePage> {
  const text = (name: string): Promise<string> => readFile(join(dir, name), "utf8");
  const style = await text("report.css");
  const script = await text("report.js");
  const runs: ReportRun[] = [];
  for (const file of files) runs.push(runInScript(unstamped(await text(file.data))));
  const build = (placed: readonly ReportRun[], blocks: readonly PageText[]): string => {
    const all: ReportData = { ...data, runs: placed };
    return singlePageHtml(page, style, script, [
      { id: DATA_ELEMENT, text: packText(JSON.stringify(all)) },
      ...blocks,
    ]);
  };
  const nowhere = files.map(({ draws }, i) => placed(runs[i]!, draws, []));
  const room = limit - Buffer.byteLength(build(nowhere, [])) - PLACE * files.length;

  const { precision, packed } = await packAll(files, text, room);
  const chosen = chooseDraws(
    packed.map(({ variables, texts }) => ({ variables, bytes: texts.map((line) => line.length + 1) })),
    room,
  );
  const blocks = packed.map(({ variables, texts }, i) => ({
    id: `draws-${i}`,
    text: texts.filter((_, v) => chosen[i]!.includes(variables[v]!)).join("\n"),
  }));
  return {
    html: build(
      files.map(({ draws }, i) => placed(runs[i]!, draws, chosen[i]!, { element: blocks[i]!.id, precision })),
      blocks.filter((block) => block.text !== ""),
    ),
    without: files
      .filter(({ draws }, i) => draws && chosen[i]!.length < draws.variables.length)
      .map(({ id }) => id),
    precision,
  };
}

/** All draws to the bit where there is room for that, else rounded. */
async function packAll(
  files: readonly RunFiles[],
  text: (name: string) => Promise<string>,
  room: number,
): Promise<{ readonly precision: Precision; readonly packed: readonly PackedRun[] }> {
  const values = files.reduce(
    (sum, { draws }) => sum + (draws ? draws.variables.length * draws.chains * draws.draws : 0),
    0,
  );
  if (((8 * values * 4) / 3) * PACKED <= room) {
    const packed = await packRuns(files, text, "exact");
    if (packed.flatMap(({ texts }) => texts).reduce((sum, line) => sum + line.length + 1, 0) <= room)
      return { precision: "exact", packed };
  }
  return { precision: "rounded", packed: await packRuns(files, text, "rounded") };
}

async function packRuns(
  files: readonly RunFiles[],
  text: (name: string) => Promise<string>,
  precision: Precision,
): Promise<PackedRun[]> {
  const packed: PackedRun[] = [];
  for (const { draws } of files) {
    if (!draws?.script) {
      packed.push({ variables: [], texts: [] });
      continue;
    }
    const { chains, draws: each, values } = decodeDraws(blockInScript(await text(draws.script)));
    const size = chains * each;
    const texts = draws.variables.map((_, v) =>
      packDraws(values.subarray(v * size, (v + 1) * size), precision),
    );
    packed.push({ variables: draws.variables, texts });
  }
  return packed;
}

/** A run that knows which of its draws are in the file, and where. */
function placed(
  run: ReportRun,
  draws: RunFiles["draws"],
  variables: readonly string[],
  packed?: { readonly element: string; readonly precision: Precision },
): ReportRun {
  if (!draws) return run;
  const left = draws.variables.filter((name) => !variables.includes(name));
  return {
    ...run,
    draws: {
      ...draws,
      script: null,
      ...(packed && variables.length > 0 && { packed }),
      variables,
      left_out: [...left, ...draws.left_out],
    },
  };
}
