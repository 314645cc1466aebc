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
  /** Further answers by their path in the record (BACKGROUND), null where there is none. */
  readonly background: Readonly<Record<string, string | null>>;
  /** Of those before `background`, the questions that the record does not have at all, with what belongs there. */
  readonly absent: readonly { readonly question: Demographic; readonly error: InputError }[];
}

/** The questions of the survey that the table needs. */
export type Demographic = "age" | "gender" | "ethnicity" | "values";

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

/** Answers that are counted, not analysed: the paths of their fields. */
export const BACKGROUND = [
  "religion.simplified",
  "education",
  "employment_status",
  "marital_status",
  "english_proficiency",
  "location.birth_region",
  "location.reside_region",
  "lm_familiarity",
  "lm_direct_use",
  "lm_frequency_use",
] as const;

type Json = Readonly<Record<string, unknown>>;

/** A question that is missing is told in `absent`: a whole survey may lack it. */
export function parseSurvey(record: Json, place: InputPlace): SurveyRecord {
  const fields = new Fields(record, place);
  const absent: { question: Demographic; error: InputError }[] = [];
  const answer = <T>(question: Demographic, of: Fields, name: string, expected: string, read: () => T) => {
    if (of.has(name)) return read();
    absent.push({ question, error: of.missing(name, expected) });
    return null;
  };
  /** A field of a nested object. */
  const nested = <T>(
    question: Demographic,
    outer: string,
    inner: string,
    expected: string,
    read: (of: Fields) => T,
  ): T | null => {
    const object = answer(question, fields, outer, "an object or null", () => fields.objectOrNull(outer));
    return object && answer(question, object, inner, expected, () => read(object));
  };
  const age = answer("age", fields, "age", "a text", () => {
    if (record.age !== null) fields.oneOf("age", [...YOUNGER, ...OLDER, NOT_SAID]);
    return fields.textOrNull("age");
  });
  const gender = answer("gender", fields, "gender", "a text", () => fields.textOrNull("gender"));
  const ethnicity = nested("ethnicity", "ethnicity", "simplified", "a text", (of) =>
    of.textOrNull("simplified"),
  );
  const values = nested("values", "stated_prefs", "values", "a number or null", (of) =>
    of.numberOrNull("values"),
  );
  if (values !== null && !(values >= 0 && values <= 100)) {
    throw new InputError(`'stated_prefs.values' is ${values}, expected 0 to 100`, place);
  }
  return {
    user_id: fields.id("user_id"),
    age: said(age),
    gender: said(gender),
    ethnicity: said(ethnicity),
    values,
    background: Object.fromEntries(BACKGROUND.map((path) => [path, said(textAt(record, path))])),
    absent,
  };
}

/** The text at a path of the record; null where there is none. */
function textAt(record: Json, path: string): string | null {
  let value: unknown = record;
  for (const name of path.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Json)[name] : undefined;
  }
  return typeof value === "string" && value !== "" ? value : null;
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
