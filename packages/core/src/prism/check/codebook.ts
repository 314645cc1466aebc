import { type PublishedCounts, SURVEY_ANSWERS } from "../answers.ts";
import { CONVERSATION_TYPES } from "../schema.ts";
import {
  amount,
  type Fields,
  flag,
  id,
  listOf,
  named,
  object,
  oneOf,
  orNull,
  type Rule,
  text,
  textNotEmpty,
  whole,
} from "./rules.ts";

/*
 * PRISM's codebook (Kirk et al. 2024, doi:10.57967/hf/2113): the columns of its four files, what they may hold, and how many rows have
 * each value. Where it does not tell a type (dates, identifiers within a turn), any that its authors' code writes will do.
 */

/** Rated responses by model. */
export const RESPONSES_BY_MODEL: PublishedCounts = {
  command: 4812,
  "claude-instant-1": 4292,
  "models/chat-bison-001": 4168,
  "HuggingFaceH4/zephyr-7b-beta": 4133,
  "meta-llama/Llama-2-7b-chat-hf": 3995,
  "command-light": 3929,
  "command-nightly": 3816,
  "gpt-4-1106-preview": 3735,
  "gpt-4": 3515,
  "meta-llama/Llama-2-70b-chat-hf": 3493,
  "gpt-3.5-turbo": 3471,
  "timdettmers/guanaco-33b-merged": 3468,
  "claude-2.1": 3338,
  "mistralai/Mistral-7B-Instruct-v0.1": 3261,
  "claude-2": 3209,
  "tiiuae/falcon-7b-instruct": 2608,
  "OpenAssistant/oasst-sft-4-pythia-12b-epoch-3.5": 2314,
  "meta-llama/Llama-2-13b-chat-hf": 1744,
  "luminous-supreme-control": 1722,
  "google/flan-t5-xxl": 1715,
  "luminous-extended-control": 1633,
};
const RESPONSES_BY_PROVIDER: PublishedCounts = {
  huggingface_api: 26731,
  cohere: 12557,
  anthropic: 10839,
  openai: 10721,
  google: 4168,
  aleph: 3355,
};
/** Texts by where they come from. */
export const TEXTS: PublishedCounts = {
  model_response: 68371,
  user_prompt: 27172,
  open_feedback: 8011,
  self_description: 1500,
  system_string: 1500,
};
export const CONVERSATIONS_BY_TYPE: PublishedCounts = {
  unguided: 3113,
  "values guided": 2460,
  "controversy guided": 2438,
};

const conversation_type = named(CONVERSATION_TYPES);
const score = whole(1, 100);
const slider = orNull(whole(0, 100));
const anyObject = object({});
/** Text, or milliseconds as some programs write dates. */
const date: Rule = {
  expected: "a date",
  holds: (value) => (typeof value === "string" && value !== "") || typeof value === "number",
};
const timing: Fields = { generated_datetime: date, timing_duration_s: amount, timing_duration_mins: amount };
const answer = (question: keyof typeof SURVEY_ANSWERS): Rule => oneOf(SURVEY_ANSWERS[question]);
const allTexts = (...names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, text]));

const SURVEY: Fields = {
  user_id: id("user"),
  survey_only: flag({ true: 104, false: 1396 }),
  num_completed_conversations: whole(0, 7),
  consent: answer("consent"),
  consent_age: answer("consent_age"),
  lm_familiarity: answer("lm_familiarity"),
  lm_direct_use: answer("lm_direct_use"),
  lm_indirect_use: answer("lm_indirect_use"),
  lm_frequency_use: orNull(answer("lm_frequency_use")),
  lm_usecases: orNull(anyObject),
  order_lm_usecases: orNull(anyObject),
  stated_prefs: object({
    values: slider,
    creativity: slider,
    fluency: slider,
    factuality: slider,
    diversity: slider,
    safety: slider,
    personalisation: slider,
    helpfulness: slider,
    other: slider,
    other_text: orNull(text),
  }),
  order_stated_prefs: orNull(anyObject),
  self_description: text,
  system_string: text,
  age: answer("age"),
  gender: answer("gender"),
  education: answer("education"),
  employment_status: answer("employment_status"),
  marital_status: answer("marital_status"),
  english_proficiency: answer("english_proficiency"),
  religion: object({
    self_described: orNull(text),
    categorised: answer("religion.categorised"),
    simplified: answer("religion.simplified"),
  }),
  ethnicity: object({
    self_described: orNull(text),
    categorised: answer("ethnicity.categorised"),
    simplified: answer("ethnicity.simplified"),
  }),
  location: object({
    ...allTexts("birth_country", "birth_countryISO", "birth_region", "birth_subregion"),
    ...allTexts("reside_country", "reside_countryISO", "reside_region", "reside_subregion"),
    same_birth_reside_country: answer("location.same_birth_reside_country"),
    special_region: answer("location.special_region"),
  }),
  study_id: text,
  study_locale: text,
  ...timing,
  included_in_UK_REP: flag({ true: 243, false: 1257 }),
  included_in_US_REP: flag({ true: 230, false: 1270 }),
  included_in_balanced_subset: flag({ true: 1246, false: 254 }),
};

/** A message of a conversation's history. */
function isMessage(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const message = item as Readonly<Record<string, unknown>>;
  if (typeof message.turn !== "number" || typeof message.content !== "string") return false;
  if (message.role === "user") return true;
  return (
    message.role === "model" &&
    typeof message.model_name === "string" &&
    score.holds(message.score) &&
    typeof message.if_chosen === "boolean"
  );
}

const CONVERSATIONS: Fields = {
  conversation_id: id("c"),
  user_id: id("user"),
  conversation_type: { ...conversation_type, published: CONVERSATIONS_BY_TYPE },
  opening_prompt: textNotEmpty,
  conversation_turns: whole(2, 22),
  conversation_history: listOf("messages of users and models, with their scores from 1 to 100", isMessage),
  performance_attributes: orNull(anyObject),
  choice_attributes: orNull(anyObject),
  open_feedback: text,
  ...timing,
  included_in_balanced_subset: flag({ true: 6696, false: 1315 }),
};

const UTTERANCES: Fields = {
  utterance_id: id("ut"),
  interaction_id: id("int"),
  conversation_id: id("c"),
  user_id: id("user"),
  turn: whole(0, 21),
  within_turn_id: whole(0, 3),
  conversation_type,
  user_prompt: textNotEmpty,
  model_name: oneOf(RESPONSES_BY_MODEL),
  model_provider: oneOf(RESPONSES_BY_PROVIDER),
  model_response: { ...textNotEmpty, expected: "a text, of an empty response 'EMPTY STRING'" },
  score,
  if_chosen: flag({ true: 27437, false: 40934 }),
  included_in_balanced_subset: flag({ true: 57401, false: 10970 }),
};

const METADATA: Fields = {
  column_id: oneOf(TEXTS),
  user_id: id("user"),
  conversation_id: orNull(id("c")),
  interaction_id: orNull(id("int")),
  utterance_id: orNull(id("ut")),
  pii_flag: flag({ true: 1111, false: 105443 }),
  pii_manual_flag: {
    expected: "true, false, 0, 1 or null",
    holds: (value) => value === null || typeof value === "boolean" || value === 0 || value === 1,
  },
  language_flag: textNotEmpty,
  en_flag: flag(),
  moderation_flag: orNull(anyObject),
};

export const CODEBOOK = {
  survey: SURVEY,
  conversations: CONVERSATIONS,
  utterances: UTTERANCES,
  metadata: METADATA,
} as const;

/** PRISM's files, by their names without `.jsonl`. */
export type PrismFileName = keyof typeof CODEBOOK;
export const PRISM_FILES = ["survey", "conversations", "utterances", "metadata"] as const;
