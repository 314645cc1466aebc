import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataOverview } from "../analyses/overview.ts";
import { InputError } from "../input-error.ts";
import { type PrismFile, type PrismFlow, prismTable, tableToCsv } from "../prism/index.ts";
import type { ScoreIssue } from "../scores/index.ts";
import { readScoresFile } from "./scores.ts";
import { writeFiles } from "./staged-files.ts";
import { cannotRead, isThere, readText } from "./text-file.ts";

const PUBLISHED = "https://huggingface.co/datasets/HannahRoseKirk/prism-alignment";
export const DOWNLOAD = `download it from ${PUBLISHED}`;
/** Marks a folder whose data `simulate` wrote, and holds the true coefficients. */
export const SIMULATED_MARK = "SIMULATED.json";
const TABLE = "table.csv";
const FLOW = "flow.json";

export interface PrismTableRequest {
  /** Folder with survey.jsonl, conversations.jsonl, utterances.jsonl and, for the language, metadata.jsonl. */
  readonly prism: string;
  /** Scores file. */
  readonly scores: string;
  /** Folder for table.csv and flow.json. */
  readonly out: string;
}

export interface PrismTableResult {
  readonly flow: PrismFlow;
  readonly issues: readonly ScoreIssue[];
  /** Rows of table.csv. */
  readonly rows: number;
  /** What the table holds, with the raters' answers to the survey; not written. */
  readonly overview: DataOverview;
}

/**
 * Joins PRISM's files and a scores file and writes OUT/table.csv and OUT/flow.json, table.csv last.
 * Where the data are simulated, SIMULATED.json goes with them; where they are not, one of an earlier
 * table is removed.
 */
export async function writePrismTable(request: PrismTableRequest): Promise<PrismTableResult> {
  const { prism, out } = request;
  const file = async (name: string): Promise<PrismFile> => {
    const path = join(prism, name);
    if (!(await isThere(path))) throw new InputError(`not found; ${DOWNLOAD}`, { file: path });
    return { file: path, text: readText(path, DOWNLOAD) };
  };
  await checkFolder(prism);
  // All are looked for before the first is read.
  const files = {
    survey: await file("survey.jsonl"),
    conversations: await file("conversations.jsonl"),
    utterances: await file("utterances.jsonl"),
    ...((await isThere(join(prism, "metadata.jsonl"))) && { metadata: await file("metadata.jsonl") }),
  };
  const mark = await simulatedMark(request);
  const scores = await readScoresFile(request.scores);
  const { table, flow, overview, issues } = await prismTable({ ...files, scores, simulated: mark !== null });
  const written = [
    { name: FLOW, text: [`${JSON.stringify(flow, null, 2)}\n`] },
    { name: TABLE, text: tableToCsv(table) },
  ];
  if (mark === null) await writeFiles(out, written, { remove: [SIMULATED_MARK] });
  else await writeFiles(out, [{ name: SIMULATED_MARK, text: [mark] }, ...written]);
  return { flow, issues, rows: table.rows, overview };
}

/** Text of SIMULATED.json: PRISM's where its files are simulated, a plain mark where the scores alone are; null for real data. */
async function simulatedMark({ prism, scores }: PrismTableRequest): Promise<string | null> {
  const ofPrism = await readIfThere(join(prism, SIMULATED_MARK));
  if (ofPrism !== null) return ofPrism;
  if ((await readIfThere(join(dirname(scores), SIMULATED_MARK))) === null) return null;
  return `${JSON.stringify({ note: "SIMULATED: the scores are simulated, the ratings are not." }, null, 2)}\n`;
}

/** A small file's text; null where there is none. */
export async function readIfThere(file: string): Promise<string | null> {
  if (!(await isThere(file))) return null;
  let text = "";
  for await (const piece of readText(file, "give the mark as simulate wrote it")) text += piece;
  return text;
}

/** What is not a folder is an InputError. */
export async function checkFolder(dir: string): Promise<void> {
  const wayOut = `give the folder with PRISM's files, from ${PUBLISHED}`;
  let folder: boolean;
  try {
    folder = (await stat(dir)).isDirectory();
  } catch (error) {
    throw cannotRead(error, dir, wayOut);
  }
  if (!folder) throw new InputError(`is not a folder; ${wayOut}`, { file: dir });
}
