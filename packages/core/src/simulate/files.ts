import { formatScores } from "../scores/format.ts";
import {
  conversationRecords,
  metadataRecords,
  scoreRows,
  surveyRecords,
  utteranceRecords,
} from "./records.ts";
import type { SimulatedPrism } from "./simulate.ts";
import type { Truth } from "./truth.ts";

/** SIMULATED.json: marks the folder, so that no table, run or report takes the data for real. */
export interface SimulatedMark {
  readonly note: string;
  readonly seed: number;
  readonly scale: number;
  /** True values by response and brms's names. */
  readonly truth: Truth;
}

const NOTE =
  "SIMULATED data in PRISM's format. Real are only PRISM's nesting (users, conversations, number of responses) and its models' names; texts are placeholders, and scores, ratings, answers and the models' effects are random numbers. score and if_chosen are drawn independently, each from its own model with the true values below: if_chosen is not the highest score, and a turn can have none or several, where PRISM has one.";

export function markOf({ seed, scale, truth }: SimulatedPrism): SimulatedMark {
  return { note: NOTE, seed, scale, truth };
}

export interface TextFile {
  readonly name: string;
  /** In pieces, made as they are taken. */
  readonly text: Iterable<string>;
}

/** The folder's files, the mark first. */
export function simulatedFiles(data: SimulatedPrism): TextFile[] {
  return [
    { name: "SIMULATED.json", text: [`${JSON.stringify(markOf(data), null, 2)}\n`] },
    { name: "survey.jsonl", text: jsonLines(surveyRecords(data)) },
    { name: "conversations.jsonl", text: jsonLines(conversationRecords(data)) },
    { name: "metadata.jsonl", text: jsonLines(metadataRecords(data)) },
    { name: "scores.csv", text: formatScores(scoreRows(data), "csv") },
    { name: "utterances.jsonl", text: jsonLines(utteranceRecords(data)) },
  ];
}

function* jsonLines(records: Iterable<object>): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`;
}
