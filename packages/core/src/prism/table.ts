import type { DataOverview } from "../analyses/overview.ts";
import type { Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { counted, type ScoreIssue } from "../scores/issues.ts";
import type { Scores } from "../scores/scores.ts";
import { tableColumns } from "./columns.ts";
import { DEMOGRAPHICS, QUESTION_OF } from "./demographics.ts";
import { countByType, FlowSteps, PAPER_COUNTS, type PrismFlow } from "./flow.ts";
import { prismOverview } from "./overview.ts";
import { type RatedResponse, readConversations, readEnglish, readSurvey, readUtterances } from "./read.ts";
import type { PrismFile } from "./records.ts";
import { unmatchedIssue } from "./unmatched.ts";

export interface PrismInput {
  readonly survey: PrismFile;
  readonly conversations: PrismFile;
  readonly utterances: PrismFile;
  /** Without it no conversation is known not to be English, and all are kept. */
  readonly metadata?: PrismFile;
  readonly scores: Scores;
  /** True for data that `simulate` wrote. */
  readonly simulated?: boolean;
}

export interface PrismTable {
  /** One row for each response of a first turn that is left. */
  readonly table: Frame;
  readonly flow: PrismFlow;
  /** What the table holds, and who its raters are. */
  readonly overview: DataOverview;
  /** Of the scores file. */
  readonly issues: readonly ScoreIssue[];
}

/** Joins PRISM's files and the scores, and filters as PAPER does (arXiv 2503.16480): first turn, English, scored. */
export async function prismTable(input: PrismInput): Promise<PrismTable> {
  const { scores, simulated = false } = input;
  const notes: string[] = simulated
    ? ["SIMULATED data: nothing in it says anything about people or models."]
    : [];
  const survey = await readSurvey(input.survey);
  const { users } = survey;
  for (const name of DEMOGRAPHICS) {
    const question = QUESTION_OF[name];
    if (survey.absent.has(question)) {
      notes.push(`${input.survey.file} does not have the question on ${question}: no column '${name}'.`);
    }
  }
  const conversations = await readConversations(input.conversations, users);
  const english = input.metadata && (await readEnglish(input.metadata));
  const { all, firstTurn, matched } = await readUtterances(input.utterances, conversations, scores);
  if (all.conversations < conversations.size) {
    const count = counted(conversations.size - all.conversations, "conversation");
    notes.push(`${count} of ${input.conversations.file} without a rated response: not counted.`);
  }

  const flow = new FlowSteps<RatedResponse>({ step: "PRISM", reason: "all rated responses", counts: all });
  flow.keep("first turn", "later turns have one model only", firstTurn);
  if (english === undefined)
    notes.push("No metadata.jsonl: the language is not known, all conversations are kept.");
  else {
    const unknown = new Set<string>();
    const rows = flow.rows.filter(({ interaction_id }) => {
      const flag = english.get(interaction_id);
      if (flag === undefined) unknown.add(interaction_id);
      return flag !== false;
    });
    flow.keep("English", "first prompt not in English (en_flag)", rows, PAPER_COUNTS);
    if (unknown.size > 0) {
      notes.push(`${counted(unknown.size, "first prompt")} not in metadata.jsonl: taken as English.`);
    }
  }
  flow.keep(
    "not empty",
    "the response is empty",
    flow.rows.filter((row) => !row.empty),
  );
  const scored = flow.rows.filter((row) => isScored(row.response, scores));
  if (scored.length === 0) throw noneScored(flow.rows.length, scores, matched, input.utterances.file);
  flow.keep("scored", "not all eight attributes scored", scored, PAPER_COUNTS);

  const prompts = new Map(scored.map((row) => [row.interaction_id, row.prompt]));
  const unscored = [...prompts.values()].filter((prompt) => !isScored(prompt, scores)).length;
  if (unscored > 0) {
    notes.push(
      `${counted(unscored, "first prompt")} without all eight scores: empty cells in the columns that end with _human.`,
    );
  }
  const unmatched = unmatchedIssue(scores, matched);
  const table = tableColumns(scored, scores, survey, input.utterances.file);
  return {
    table,
    overview: prismOverview(table, users, simulated),
    flow: { simulated, steps: flow.steps, byType: countByType(scored), notes },
    issues: unmatched === null ? scores.issues : [...scores.issues, unmatched],
  };
}

function isScored(text: number, { values }: Scores): boolean {
  if (text < 0) return false;
  for (let k = 0; k < ATTRIBUTES.length; k++) {
    if (Number.isNaN(values[text * ATTRIBUTES.length + k]!)) return false;
  }
  return true;
}

function noneScored(responses: number, scores: Scores, matched: Uint8Array, utterances: string): InputError {
  const texts = matched.reduce((sum, flag) => sum + flag, 0);
  const missing = ATTRIBUTES.filter((_, k) => {
    for (let text = 0; text < scores.texts; text++) {
      if (!Number.isNaN(scores.values[text * ATTRIBUTES.length + k]!)) return false;
    }
    return true;
  });
  const why =
    missing.length > 0
      ? `there is no score of ${missing.join(", ")}`
      : `${texts.toLocaleString("en")} of its ${counted(scores.texts, "text")} are in ${utterances}`;
  return new InputError(
    `none of the ${counted(responses, "response")} that are left has all eight scores (${why}); give the scores of these responses`,
    { file: scores.source },
  );
}
