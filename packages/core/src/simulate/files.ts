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
  /** What is PAPER's and what is invented, in sentences. */
  readonly invented: readonly string[];
  readonly seed: number;
  readonly scale: number;
  /** True values by response and brms's names; see `truthFor` for the models in which they hold. */
  readonly truth: Truth;
  /** True values by response in models with the groups' interactions (analysis 2), where they are simulated. */
  readonly moderated?: { readonly log_score: Readonly<Record<string, number>> };
}

const NOTE =
  "SIMULATED data in PRISM's format. Real are only PRISM's nesting (users, conversations, number of responses) and its models' names; texts are placeholders, and scores, ratings, answers and the models' effects are random numbers. score and if_chosen are drawn independently, each from its own model with the true values below: if_chosen is not the highest score, and a turn can have none or several, where PRISM has one.";

const INVENTED = [
  "As published (PAPER, all conversations): the slopes of 1a and 1b (table 2), of 2 (table 3) and of 3 (table 4). The same slopes hold in every type of conversation, where PAPER's differ.",
  "Chosen after a published number: the sd of the models' effects on log_score, so that 1b with and without them differ in elpd by PAPER's 505 in expectation (504.9, SE 30.5); in one data set it is by a third more or less, as the 21 effects fall.",
  "Drawn in the proportions of PRISM's codebook: the answers to the survey, each independent of all else. Countries, dates and durations are placeholders.",
  "Invented, for nothing is published: all intercepts, the other standard deviations of effects and residuals, the distributions of the attributes of prompts and responses, and that the score does not depend on the prompt but through the response (PAPER's TOXICITY x TOXICITY_human is 0 here).",
  "Analysis 2's slopes are those of raters' groups minus their share, of attributes minus their means, so that 1b's hold for all raters together. Groups have nothing to do with each other, with attributes or with choices (if_chosen).",
  "Attributes of responses lie between 0 and 1 without being cut off: beta distributions with exactly the mean that analysis 3 says, so their residuals and effects are not normal, and near 0 and 1 vary less.",
];

export function markOf({ seed, scale, truth, moderated }: SimulatedPrism): SimulatedMark {
  return {
    note: NOTE,
    invented: INVENTED,
    seed,
    scale,
    truth,
    ...(moderated && { moderated: { log_score: moderated } }),
  };
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
