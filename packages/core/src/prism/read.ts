import { InputError } from "../input-error.ts";
import { oneLine } from "../scores/one-line.ts";
import type { Scores } from "../scores/scores.ts";
import { eachRecord, type PrismFile, UniqueIds } from "./records.ts";
import {
  type ConversationRecord,
  type ConversationType,
  type Demographic,
  EMPTY_RESPONSE,
  parseConversation,
  parsePromptMetadata,
  parseSurvey,
  parseUtterance,
  type SurveyRecord,
  type UtteranceRecord,
} from "./schema.ts";

export type Users = ReadonlyMap<string, SurveyRecord>;
export type Conversations = ReadonlyMap<string, ConversationRecord>;

/** A rated response of a first turn, joined with its scores; the texts are not kept. */
export interface RatedResponse {
  readonly conversation_id: string;
  readonly user_id: string;
  readonly conversation_type: ConversationType;
  readonly interaction_id: string;
  readonly model_name: string;
  readonly score: number;
  readonly if_chosen: boolean;
  /** PRISM's text for an empty response. */
  readonly empty: boolean;
  /** Numbers of the response and of its prompt in Scores; -1 where not scored. */
  readonly response: number;
  readonly prompt: number;
}

export interface Utterances {
  /** Of all turns. */
  readonly all: { readonly users: number; readonly conversations: number; readonly responses: number };
  /** In the file's order. */
  readonly firstTurn: readonly RatedResponse[];
  /** [scores.texts] 1 where PRISM has the text, in whatever turn. */
  readonly matched: Uint8Array;
}

export interface Survey {
  readonly users: Users;
  /** Questions that no record has. */
  readonly absent: ReadonlySet<Demographic>;
}

/** A question that some records have and others do not is an InputError: the file is damaged. */
export async function readSurvey(survey: PrismFile): Promise<Survey> {
  const ids = new UniqueIds("user_id", survey.file);
  const users = new Map<string, SurveyRecord>();
  const absent = new Map<Demographic, { records: number; error: InputError }>();
  const records = await eachRecord(survey, parseSurvey, (user, line) => {
    ids.add(user.user_id, line);
    users.set(user.user_id, user);
    for (const { question, error } of user.absent) {
      const known = absent.get(question);
      absent.set(question, { records: (known?.records ?? 0) + 1, error: known?.error ?? error });
    }
  });
  for (const missing of absent.values()) if (missing.records < records) throw missing.error;
  return { users, absent: new Set(absent.keys()) };
}

export async function readConversations(file: PrismFile, users: Users): Promise<Conversations> {
  const ids = new UniqueIds("conversation_id", file.file);
  const conversations = new Map<string, ConversationRecord>();
  await eachRecord(file, parseConversation, (conversation, line) => {
    const { conversation_id, user_id } = conversation;
    ids.add(conversation_id, line);
    if (!users.has(user_id)) throw unknown("user_id", user_id, "survey.jsonl", file.file, line);
    conversations.set(conversation_id, conversation);
  });
  return conversations;
}

/** en_flag of the prompts, by interaction_id. */
export async function readEnglish(metadata: PrismFile): Promise<ReadonlyMap<string, boolean>> {
  const ids = new UniqueIds("user_prompt", metadata.file);
  const english = new Map<string, boolean>();
  await eachRecord(metadata, parsePromptMetadata, (prompt, line) => {
    if (prompt === null) return;
    ids.add(prompt.interaction_id, line);
    english.set(prompt.interaction_id, prompt.en_flag);
  });
  return english;
}

export async function readUtterances(
  file: PrismFile,
  conversations: Conversations,
  scores: Scores,
): Promise<Utterances> {
  const ids = new UniqueIds("utterance_id", file.file);
  const users = new Set<string>();
  const found = new Set<string>();
  const firstTurn: RatedResponse[] = [];
  const matched = new Uint8Array(scores.texts);
  // A prompt is repeated for each response of its turn: looked up (and hashed) once.
  let prompt = { interaction: "", text: -1 };
  const responses = await eachRecord(file, parseUtterance, (utterance, line) => {
    ids.add(utterance.utterance_id, line);
    checkConversation(utterance, conversations, file.file, line);
    users.add(utterance.user_id);
    found.add(utterance.conversation_id);
    const { interaction_id, model_response } = utterance;
    if (interaction_id !== prompt.interaction) {
      const text = scores.find("user_prompt", interaction_id, utterance.user_prompt);
      prompt = { interaction: interaction_id, text };
    }
    const response = scores.find("model_response", utterance.utterance_id, model_response);
    if (prompt.text >= 0) matched[prompt.text] = 1;
    if (response >= 0) matched[response] = 1;
    if (utterance.turn !== 0) return;
    firstTurn.push({
      // The ids of the conversation's own record, so that a text is held once and not once a row.
      ...conversations.get(utterance.conversation_id)!,
      interaction_id,
      model_name: utterance.model_name,
      score: utterance.score,
      if_chosen: utterance.if_chosen,
      empty: model_response === EMPTY_RESPONSE,
      response,
      prompt: prompt.text,
    });
  });
  return { all: { users: users.size, conversations: found.size, responses }, firstTurn, matched };
}

function checkConversation(
  { conversation_id, user_id, conversation_type }: UtteranceRecord,
  conversations: Conversations,
  file: string,
  line: number,
): void {
  const known = conversations.get(conversation_id);
  if (known === undefined) {
    throw unknown("conversation_id", conversation_id, "conversations.jsonl", file, line);
  }
  if (known.user_id === user_id && known.conversation_type === conversation_type) return;
  throw new InputError(
    `conversation '${oneLine(conversation_id)}' is ${conversation_type} by '${oneLine(user_id)}', in conversations.jsonl it is ${known.conversation_type} by '${oneLine(known.user_id)}'; take both files from one download`,
    { file, line },
  );
}

function unknown(name: string, id: string, of: string, file: string, line: number): InputError {
  return new InputError(`${name} '${oneLine(id)}' is not in ${of}; take all files from one download`, {
    file,
    line,
  });
}
