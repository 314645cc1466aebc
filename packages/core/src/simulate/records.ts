import { EMPTY_RESPONSE } from "../prism/schema.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import type { ScoreRow } from "../scores/score-row.ts";
import { PRISM_MODELS } from "./models.ts";
import type { SimulatedConversation, SimulatedPrism, SimulatedResponse, SimulatedText } from "./simulate.ts";
import type { SimulatedUser } from "./users.ts";

/**
 * Records of PRISM's four files, with all fields of its codebook (Kirk et al. 2024). What is not
 * simulated has a placeholder of the right type.
 */
type Json = Readonly<Record<string, unknown>>;

const PLACEHOLDER = "Simulated (placeholder)";
const DATE = "2000-01-01 00:00:00";
const TIMING = { generated_datetime: DATE, timing_duration_s: 600, timing_duration_mins: 10 };

export function* surveyRecords({ users, conversations }: SimulatedPrism): Generator<Json> {
  const completed = new Map<string, number>();
  for (const { user_id } of conversations) completed.set(user_id, (completed.get(user_id) ?? 0) + 1);
  for (const user of users) yield surveyRecord(user, completed.get(user.user_id) ?? 0);
}

const ATTRIBUTES_OF_MODELS = [
  "values",
  "creativity",
  "fluency",
  "factuality",
  "diversity",
  "safety",
  "personalisation",
  "helpfulness",
  "other",
] as const;

/** In order of the list, which PRISM shuffles. */
const ORDER = Object.fromEntries(ATTRIBUTES_OF_MODELS.map((name, i) => [name, i + 1]));

/** A granular category of a simplified one, where it has another name. */
const CATEGORISED: Readonly<Record<string, string>> = {
  Black: "Black / African",
  Hispanic: "Hispanic / Latino",
  "No Affiliation": "Non-religious",
};

function surveyRecord(user: SimulatedUser, completed: number): Json {
  const { user_id, age, gender, ethnicity, values, background } = user;
  const categories = (simplified: string): Json => ({
    self_described: PLACEHOLDER,
    categorised: CATEGORISED[simplified] ?? simplified,
    simplified,
  });
  const uses = background.lm_direct_use === "Yes" || background.lm_indirect_use === "Yes";
  return {
    user_id,
    survey_only: completed === 0,
    num_completed_conversations: completed,
    consent: "Yes, I consent to take part",
    consent_age: "I certify that I am 18 years of age or over",
    lm_familiarity: background.lm_familiarity,
    lm_indirect_use: background.lm_indirect_use,
    lm_direct_use: background.lm_direct_use,
    lm_frequency_use: uses ? background.lm_frequency_use : null,
    lm_usecases: null,
    order_lm_usecases: null,
    stated_prefs: {
      ...Object.fromEntries(ATTRIBUTES_OF_MODELS.map((name) => [name, 50])),
      values,
      other: null,
      other_text: null,
    },
    order_stated_prefs: ORDER,
    self_description: `Simulated self-description of ${user_id} (placeholder text, not real)`,
    system_string: `Simulated system string of ${user_id} (placeholder text, not real)`,
    age,
    gender,
    employment_status: background.employment_status,
    education: background.education,
    marital_status: background.marital_status,
    english_proficiency: background.english_proficiency,
    study_id: PLACEHOLDER,
    study_locale: PLACEHOLDER,
    religion: categories(background["religion.simplified"]),
    ethnicity: categories(ethnicity),
    location: {
      birth_country: PLACEHOLDER,
      birth_countryISO: PLACEHOLDER,
      birth_region: PLACEHOLDER,
      birth_subregion: PLACEHOLDER,
      reside_country: PLACEHOLDER,
      reside_countryISO: PLACEHOLDER,
      reside_region: PLACEHOLDER,
      reside_subregion: PLACEHOLDER,
      same_birth_reside_country: background["location.same_birth_reside_country"],
      special_region: background["location.special_region"],
    },
    ...TIMING,
    included_in_UK_REP: false,
    included_in_US_REP: false,
    included_in_balanced_subset: false,
  };
}

export function* conversationRecords({ conversations }: SimulatedPrism): Generator<Json> {
  for (const conversation of conversations) {
    const { conversation_id, user_id, conversation_type, turns } = conversation;
    yield {
      conversation_id,
      user_id,
      conversation_type,
      opening_prompt: promptText(turns[0]!.prompt),
      // PRISM asked for two turns at least; those beyond the simulated ones have no utterances.
      conversation_turns: Math.max(2, turns.length),
      conversation_history: turns.flatMap(({ prompt, responses }, turn) => [
        { turn, role: "user", content: promptText(prompt) },
        ...responses.map((response, within_turn_id) => ({
          turn,
          role: "model",
          content: responseText(response),
          ...modelOf(response),
          score: response.score,
          if_chosen: response.if_chosen,
          within_turn_id,
        })),
      ]),
      performance_attributes: null,
      choice_attributes: null,
      open_feedback: feedbackText(conversation_id),
      ...TIMING,
      included_in_balanced_subset: false,
    };
  }
}

export function* utteranceRecords({ conversations }: SimulatedPrism): Generator<Json> {
  for (const { conversation_id, user_id, conversation_type, turns } of conversations) {
    for (const [turn, { prompt, responses }] of turns.entries()) {
      for (const [within_turn_id, response] of responses.entries()) {
        yield {
          utterance_id: utteranceId(response),
          interaction_id: interactionId(prompt),
          conversation_id,
          user_id,
          turn,
          within_turn_id,
          conversation_type,
          user_prompt: promptText(prompt),
          ...modelOf(response),
          model_response: responseText(response),
          score: response.score,
          if_chosen: response.if_chosen,
          included_in_balanced_subset: false,
        };
      }
    }
  }
}

export function* metadataRecords({ users, conversations }: SimulatedPrism): Generator<Json> {
  for (const conversation of conversations) {
    for (const { prompt, responses } of conversation.turns) {
      const interaction_id = interactionId(prompt);
      yield textRecord("user_prompt", conversation, { interaction_id });
      for (const response of responses) {
        yield textRecord("model_response", conversation, {
          interaction_id,
          utterance_id: utteranceId(response),
        });
      }
    }
    yield textRecord("open_feedback", conversation);
  }
  for (const { user_id } of users) {
    yield textRecord("self_description", { user_id, english: true });
    yield textRecord("system_string", { user_id, english: true });
  }
}

function textRecord(
  column_id: string,
  of: Pick<SimulatedConversation, "user_id" | "english"> & { readonly conversation_id?: string },
  ids: { readonly interaction_id?: string; readonly utterance_id?: string } = {},
): Json {
  return {
    column_id,
    user_id: of.user_id,
    conversation_id: of.conversation_id ?? null,
    interaction_id: ids.interaction_id ?? null,
    utterance_id: ids.utterance_id ?? null,
    pii_flag: false,
    pii_manual_flag: null,
    language_flag: of.english ? "en" : "es",
    en_flag: of.english,
    moderation_flag: null,
  };
}

/** Scores in the long shape; those that are missing have no row. */
export function* scoreRows({ conversations }: SimulatedPrism): Generator<ScoreRow> {
  for (const { turns } of conversations) {
    for (const { prompt, responses } of turns) {
      yield* rowsOf("user_prompt", interactionId(prompt), prompt);
      for (const response of responses) yield* rowsOf("model_response", utteranceId(response), response);
    }
  }
}

function* rowsOf(
  column_id: "user_prompt" | "model_response",
  text_id: string,
  text: SimulatedText,
): Generator<ScoreRow> {
  for (const [k, attribute] of ATTRIBUTES.entries()) {
    const score = text.attributes[k]!;
    if (!Number.isNaN(score)) yield { column_id, text_id, attribute, score };
  }
}

function modelOf({ model }: SimulatedResponse): { model_name: string; model_provider: string } {
  const { name, provider } = PRISM_MODELS[model]!;
  return { model_name: name, model_provider: provider };
}

function utteranceId({ number }: SimulatedText): string {
  return `ut${number}`;
}

function interactionId({ number }: SimulatedText): string {
  return `int${number}`;
}

function promptText({ number }: SimulatedText): string {
  return `Simulated prompt ${number} (placeholder text, not real)`;
}

function responseText({ number, empty }: SimulatedResponse): string {
  return empty ? EMPTY_RESPONSE : `Simulated response ${number} (placeholder text, not real)`;
}

function feedbackText(conversation_id: string): string {
  return `Simulated feedback on ${conversation_id} (placeholder text, not real)`;
}
