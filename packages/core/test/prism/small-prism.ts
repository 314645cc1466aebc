import { type PrismTable, prismTable } from "../../src/prism/index.ts";
import { ATTRIBUTES, readScores } from "../../src/scores/index.ts";

type Json = Record<string, unknown>;

/** A hand-written PRISM: records of each file, to be changed by a test before it is read. */
export interface SmallPrism {
  survey: Json[];
  conversations: Json[];
  utterances: Json[];
  metadata: Json[] | null;
  /** column_id, text_id, attribute, score */
  scores: [string, string, string, number][];
}

function person(
  user_id: string,
  age: string,
  gender: string,
  ethnicity: string,
  values: number | null,
): Json {
  return { user_id, age, gender, ethnicity: { simplified: ethnicity }, stated_prefs: { values } };
}

function response(utterance: number, interaction: number, of: Json, turn: number, more: Json = {}): Json {
  return {
    utterance_id: `ut${utterance}`,
    interaction_id: `int${interaction}`,
    ...of,
    turn,
    within_turn_id: 0,
    user_prompt: `prompt ${interaction}`,
    model_name: utterance % 2 === 0 ? "gpt-4" : "org/model,b",
    model_response: `response ${utterance}`,
    score: 10 * utterance + 1,
    if_chosen: utterance % 2 === 0,
    ...more,
  };
}

export function scoresOf(column: string, id: string, base: number): SmallPrism["scores"] {
  return ATTRIBUTES.map((attribute, k) => [column, id, attribute, (base + k) / 64]);
}

/**
 * Four conversations by three users. c0: two responses and a later turn. c1: not English. c2: one
 * response empty, one without NUANCE, one kept, its prompt not scored. c3: one response without scores.
 */
export function smallPrism(): SmallPrism {
  const c0 = { conversation_id: "c0", user_id: "user0", conversation_type: "unguided" };
  const c1 = { conversation_id: "c1", user_id: "user1", conversation_type: "values guided" };
  const c2 = { conversation_id: "c2", user_id: "user2", conversation_type: "controversy guided" };
  const c3 = { conversation_id: "c3", user_id: "user0", conversation_type: "values guided" };
  const prompt = (interaction: number, en_flag: boolean): Json => ({
    column_id: "user_prompt",
    interaction_id: `int${interaction}`,
    utterance_id: null,
    en_flag,
  });
  return {
    survey: [
      person("user0", "35-44 years old", "Male", "White", 50),
      person("user1", "18-24 years old", "Female", "Asian", 10),
      person("user2", "65+ years old", "Non-binary / third gender", "Prefer not to say", 51),
      person("user3", "Prefer not to say", "Prefer not to say", "White", null),
    ],
    conversations: [c0, c1, c2, c3].map((c) => ({ ...c, conversation_history: [] })),
    utterances: [
      response(0, 0, c0, 0),
      response(1, 0, c0, 0),
      response(2, 1, c0, 1),
      response(3, 2, c1, 0),
      response(4, 3, c2, 0, { model_response: "EMPTY STRING" }),
      response(5, 3, c2, 0),
      response(6, 3, c2, 0),
      response(7, 4, c3, 0),
    ],
    metadata: [
      { column_id: "model_response", utterance_id: "ut0", en_flag: false },
      prompt(0, true),
      prompt(1, false),
      prompt(2, false),
      prompt(3, true),
      prompt(4, true),
    ],
    scores: [
      ...[0, 1, 2, 3, 4, 6].flatMap((n) => scoresOf("model_response", `ut${n}`, n)),
      ...scoresOf("model_response", "ut5", 5).filter(([, , attribute]) => attribute !== "NUANCE"),
      ...[0, 1, 2, 4].flatMap((n) => scoresOf("user_prompt", `int${n}`, 20 + n)),
    ],
  };
}

export const jsonl = (records: readonly Json[]): string =>
  records.map((r) => `${JSON.stringify(r)}\n`).join("");

export function scoresCsv(rows: SmallPrism["scores"]): string {
  return ["column_id,text_id,attribute,score", ...rows.map((row) => row.join(","))].join("\n");
}

export async function tableOf(data: SmallPrism, simulated = false): Promise<PrismTable> {
  const file = (name: string, records: Json[]) => ({ file: `prism/${name}.jsonl`, text: [jsonl(records)] });
  return prismTable({
    survey: file("survey", data.survey),
    conversations: file("conversations", data.conversations),
    utterances: file("utterances", data.utterances),
    ...(data.metadata && { metadata: file("metadata", data.metadata) }),
    scores: await readScores([scoresCsv(data.scores)], "scores.csv"),
    simulated,
  });
}
