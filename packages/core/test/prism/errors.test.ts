import { expect, test } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { type SmallPrism, smallPrism, tableOf } from "./small-prism.ts";

const PUBLISHED = "give PRISM's files as they were published";
const ONE = "take all files from one download";

type Case = [message: string, change: (data: SmallPrism) => void];
const set =
  (
    file: "survey" | "conversations" | "utterances" | "metadata",
    row: number,
    fields: Record<string, unknown>,
  ) =>
  (data: SmallPrism): void => {
    data[file]![row] = { ...data[file]![row]!, ...fields };
  };

const cases: Case[] = [
  [
    `prism/survey.jsonl, line 2: 'age' is "young", expected one of '18-24 years old', '25-34 years old', '35-44 years old', '45-54 years old', '55-64 years old', '65+ years old', 'Prefer not to say'; ${PUBLISHED}`,
    set("survey", 1, { age: "young" }),
  ],
  [
    `prism/survey.jsonl, line 1: 'gender' is missing, expected a text; ${PUBLISHED}`,
    set("survey", 0, { gender: undefined }),
  ],
  [
    `prism/survey.jsonl, line 1: 'ethnicity.simplified' is 3, expected a text; ${PUBLISHED}`,
    set("survey", 0, { ethnicity: { simplified: 3 } }),
  ],
  [
    `prism/survey.jsonl, line 1: 'ethnicity' is "White", expected an object or null; ${PUBLISHED}`,
    set("survey", 0, { ethnicity: "White" }),
  ],
  [
    `prism/survey.jsonl, line 1: 'stated_prefs.values' is "much", expected a number or null; ${PUBLISHED}`,
    set("survey", 0, { stated_prefs: { values: "much" } }),
  ],
  [
    "prism/survey.jsonl, line 1: 'stated_prefs.values' is 101, expected 0 to 100",
    set("survey", 0, { stated_prefs: { values: 101 } }),
  ],
  [
    "prism/survey.jsonl, line 2: user_id 'user0' is on line 1 already; keep one of them",
    set("survey", 1, { user_id: "user0" }),
  ],
  [
    "prism/survey.jsonl: has no records; download it again",
    (data) => {
      data.survey = [];
    },
  ],
  [
    `prism/conversations.jsonl, line 3: 'conversation_type' is "free", expected one of 'unguided', 'values guided', 'controversy guided'; ${PUBLISHED}`,
    set("conversations", 2, { conversation_type: "free" }),
  ],
  [
    `prism/conversations.jsonl, line 1: user_id 'user9' is not in survey.jsonl; ${ONE}`,
    set("conversations", 0, { user_id: "user9" }),
  ],
  [
    `prism/utterances.jsonl, line 5: 'score' is 101, expected a whole number from 1 to 100; ${PUBLISHED}`,
    set("utterances", 4, { score: 101 }),
  ],
  [
    `prism/utterances.jsonl, line 5: 'score' is 50.5, expected a whole number from 1 to 100; ${PUBLISHED}`,
    set("utterances", 4, { score: 50.5 }),
  ],
  [
    `prism/utterances.jsonl, line 1: 'turn' is -1, expected a whole number from 0; ${PUBLISHED}`,
    set("utterances", 0, { turn: -1 }),
  ],
  [
    `prism/utterances.jsonl, line 1: 'if_chosen' is "true", expected true or false; ${PUBLISHED}`,
    set("utterances", 0, { if_chosen: "true" }),
  ],
  [
    `prism/utterances.jsonl, line 1: 'model_response' is null, expected a text; ${PUBLISHED}`,
    set("utterances", 0, { model_response: null }),
  ],
  [
    `prism/utterances.jsonl, line 1: 'model_name' is "", expected an id such as 'c0'; ${PUBLISHED}`,
    set("utterances", 0, { model_name: "" }),
  ],
  [
    `prism/utterances.jsonl, line 1: conversation_id 'c7' is not in conversations.jsonl; ${ONE}`,
    set("utterances", 0, { conversation_id: "c7" }),
  ],
  [
    "prism/utterances.jsonl, line 4: conversation 'c1' is unguided by 'user1', in conversations.jsonl it is values guided by 'user1'; take both files from one download",
    set("utterances", 3, { conversation_type: "unguided" }),
  ],
  [
    "prism/utterances.jsonl, line 2: utterance_id 'ut0' is on line 1 already; keep one of them",
    set("utterances", 1, { utterance_id: "ut0" }),
  ],
  [
    `prism/metadata.jsonl, line 2: 'en_flag' is null, expected true or false; ${PUBLISHED}`,
    set("metadata", 1, { en_flag: null }),
  ],
  [
    "prism/metadata.jsonl, line 3: user_prompt 'int0' is on line 2 already; keep one of them",
    set("metadata", 2, { interaction_id: "int0" }),
  ],
  [
    "scores.csv: none of the 5 responses that are left has all eight scores (there is no score of RESPECT); give the scores of these responses",
    (data) => {
      data.scores = data.scores.filter(([, , attribute]) => attribute !== "RESPECT");
    },
  ],
  [
    "scores.csv: none of the 5 responses that are left has all eight scores (4 of its 4 texts are in prism/utterances.jsonl); give the scores of these responses",
    (data) => {
      data.scores = data.scores.filter(([column]) => column === "user_prompt");
    },
  ],
];

test.each(cases)("%s", async (message, change) => {
  const data = smallPrism();
  change(data);
  const thrown = await tableOf(data).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InputError);
  expect((thrown as InputError).message).toBe(message);
});
