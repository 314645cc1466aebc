import { InputError, type InputPlace } from "../input-error.ts";
import { Fields } from "./fields.ts";

/**
 * The records of PRISM's files (Kirk et al. 2024, doi:10.57967/hf/2113), with the fields that the table
 * needs; others are not read.
 */
export const CONVERSATION_TYPES = ["unguided", "values guided", "controversy guided"] as const;
export type ConversationType = (typeof CONVERSATION_TYPES)[number];

/** survey.jsonl: one user. Answers are null where the user did not say. */
export interface SurveyRecord {
  readonly user_id: string;
  /** One of AGES. */
  readonly age: string | null;
  readonly gender: string | null;
  /** ethnicity.simplified */
  readonly ethnicity: string | null;
  /** stated_prefs.values, 0 to 100 */
  readonly values: number | null;
}

/** conversations.jsonl: one conversation. */
export interface ConversationRecord {
  readonly conversation_id: string;
  readonly user_id: string;
  readonly conversation_type: ConversationType;
}

/** utterances.jsonl: one rated response. */
export interface UtteranceRecord {
  readonly utterance_id: string;
  readonly interaction_id: string;
  readonly conversation_id: string;
  readonly user_id: string;
  /** From 0. */
  readonly turn: number;
  readonly conversation_type: ConversationType;
  readonly user_prompt: string;
  readonly model_name: string;
  readonly model_response: string;
  /** 1 to 100 */
  readonly score: number;
  readonly if_chosen: boolean;
}

/** metadata.jsonl: one text; only those of prompts are used. */
export interface PromptMetadata {
  readonly interaction_id: string;
  readonly en_flag: boolean;
}

/** PRISM's text for a response that is empty. */
export const EMPTY_RESPONSE = "EMPTY STRING";

export const YOUNGER = ["18-24 years old", "25-34 years old", "35-44 years old"] as const;
export const OLDER = ["45-54 years old", "55-64 years old", "65+ years old"] as const;
/** Said by those who would not say; also what the table treats as not said. */
export const NOT_SAID = "Prefer not to say";

type Json = Readonly<Record<string, unknown>>;

export function parseSurvey(record: Json, place: InputPlace): SurveyRecord {
  const fields = new Fields(record, place);
  const age = fields.textOrNull("age");
  if (age !== null) fields.oneOf("age", [...YOUNGER, ...OLDER, NOT_SAID]);
  const values = fields.objectOrNull("stated_prefs")?.numberOrNull("values") ?? null;
  if (values !== null && !(values >= 0 && values <= 100)) {
    throw new InputError(`'stated_prefs.values' is ${values}, expected 0 to 100`, place);
  }
  return {
    user_id: fields.id("user_id"),
    age: said(age),
    gender: said(fields.textOrNull("gender")),
    ethnicity: said(fields.objectOrNull("ethnicity")?.textOrNull("simplified") ?? null),
    values,
  };
}

export function parseConversation(record: Json, place: InputPlace): ConversationRecord {
  const fields = new Fields(record, place);
  return {
    conversation_id: fields.id("conversation_id"),
    user_id: fields.id("user_id"),
    conversation_type: fields.oneOf("conversation_type", CONVERSATION_TYPES),
  };
}

export function parseUtterance(record: Json, place: InputPlace): UtteranceRecord {
  const fields = new Fields(record, place);
  return {
    utterance_id: fields.id("utterance_id"),
    interaction_id: fields.id("interaction_id"),
    conversation_id: fields.id("conversation_id"),
    user_id: fields.id("user_id"),
    turn: fields.whole("turn", 0, Infinity),
    conversation_type: fields.oneOf("conversation_type", CONVERSATION_TYPES),
    user_prompt: fields.text("user_prompt"),
    model_name: fields.id("model_name"),
    model_response: fields.text("model_response"),
    score: fields.whole("score", 1, 100),
    if_chosen: fields.flag("if_chosen"),
  };
}

/** null for a text that is no prompt. */
export function parsePromptMetadata(record: Json, place: InputPlace): PromptMetadata | null {
  const fields = new Fields(record, place);
  if (fields.id("column_id") !== "user_prompt") return null;
  return { interaction_id: fields.id("interaction_id"), en_flag: fields.flag("en_flag") };
}

function said(answer: string | null): string | null {
  return answer === NOT_SAID ? null : answer;
}
