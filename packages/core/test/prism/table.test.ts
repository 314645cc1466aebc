import { expect, test } from "vitest";
import { prismTable, tableToCsv } from "../../src/prism/index.ts";
import { formatScores, readScores, type ScoreRow, sha256Hex } from "../../src/scores/index.ts";
import { jsonl, scoresOf, smallPrism, tableOf } from "./small-prism.ts";

const header =
  "conversation_id,user_id,conversation_type,model_name,score,log_score,highest," +
  "AFFINITY,COMPASSION,CURIOSITY,NUANCE,PERSONAL_STORY,REASONING,RESPECT,TOXICITY,REASONING_NUANCE," +
  "AFFINITY_human,COMPASSION_human,CURIOSITY_human,NUANCE_human,PERSONAL_STORY_human,REASONING_human,RESPECT_human,TOXICITY_human,REASONING_NUANCE_human," +
  "younger,male,white,high_values";
/** Scores are 64ths, so that they and their products are exact. */
const nine = (base: number): string =>
  [...Array.from({ length: 8 }, (_, k) => (base + k) / 64), ((base + 3) * (base + 5)) / 4096].join(",");

test("one row per response, joined and in full precision", async () => {
  const { table } = await tableOf(smallPrism());
  expect([...tableToCsv(table)].join("").split("\n")).toEqual([
    header,
    `c0,user0,unguided,gpt-4,1,0,1,${nine(0)},${nine(20)},1,1,1,0`,
    `c0,user0,unguided,"org/model,b",11,${Math.log(11)},0,${nine(1)},${nine(20)},1,1,1,0`,
    `c2,user2,controversy guided,gpt-4,61,${Math.log(61)},1,${nine(6)},,,,,,,,,,0,0,,1`,
    "",
  ]);
});

test("each step of the flow", async () => {
  const { flow, issues } = await tableOf(smallPrism());
  const brief = flow.steps.map((s) => [
    s.step,
    s.users,
    s.conversations,
    s.responses,
    Object.values(s.dropped),
  ]);
  expect(brief).toEqual([
    ["PRISM", 3, 4, 8, [0, 0, 0]],
    ["first turn", 3, 4, 7, [0, 0, 1]],
    ["English", 2, 3, 6, [1, 1, 1]],
    ["not empty", 2, 3, 5, [0, 0, 1]],
    ["scored", 2, 2, 3, [0, 1, 2]],
  ]);
  expect(flow.steps.map((s) => s.paper?.conversations)).toEqual([8011, undefined, 7960, undefined, 7960]);
  expect(
    flow.byType.map((t) => [t.conversation_type, t.users, t.conversations, t.responses, t.paper]),
  ).toEqual([
    ["unguided", 1, 1, 2, { conversations: 3093 }],
    ["values guided", 0, 0, 0, { conversations: 2440 }],
    ["controversy guided", 1, 1, 1, { conversations: 2427 }],
  ]);
  expect(flow.notes).toEqual([
    "1 first prompt without all eight scores: empty cells in the columns that end with _human.",
  ]);
  expect(flow.simulated).toBe(false);
  expect(issues).toEqual([]);
});

test("without metadata.jsonl all languages are kept, and a note says so", async () => {
  const { flow, table } = await tableOf({ ...smallPrism(), metadata: null });
  expect(flow.steps.map((s) => s.step)).toEqual(["PRISM", "first turn", "not empty", "scored"]);
  expect(table.rows).toBe(4);
  expect(flow.notes[0]).toBe("No metadata.jsonl: the language is not known, all conversations are kept.");
});

test("a prompt that metadata.jsonl does not have is taken as English, and counted", async () => {
  const data = smallPrism();
  data.metadata = data.metadata!.filter((row) => row.interaction_id !== "int2");
  const { flow, table } = await tableOf(data);
  expect(table.rows).toBe(4);
  expect(flow.notes[0]).toBe("1 first prompt not in metadata.jsonl: taken as English.");
});

test("conversations without utterances are noted, not counted", async () => {
  const data = smallPrism();
  data.conversations.push({ conversation_id: "c9", user_id: "user3", conversation_type: "unguided" });
  const { flow } = await tableOf(data);
  expect(flow.steps[0]!.conversations).toBe(4);
  expect(flow.notes[0]).toBe(
    "1 conversation of prism/conversations.jsonl without a rated response: not counted.",
  );
});

test("simulated data say so first", async () => {
  const { flow } = await tableOf(smallPrism(), true);
  expect(flow.simulated).toBe(true);
  expect(flow.notes[0]).toMatch(/^SIMULATED data/);
});

test("an empty cell for what a user did not say", async () => {
  const data = smallPrism();
  data.survey[0] = {
    ...data.survey[0]!,
    age: "Prefer not to say",
    gender: null,
    ethnicity: null,
    stated_prefs: { values: null },
  };
  data.survey[2] = { ...data.survey[2]!, stated_prefs: null };
  const { table } = await tableOf(data);
  const rows = [...tableToCsv(table)].join("").split("\n");
  expect(rows[1]).toMatch(/,,,,$/);
  expect(rows[3]).toMatch(/,0,0,,$/);
});

test("a question that the whole survey lacks costs its column, and a note says so", async () => {
  const data = smallPrism();
  data.survey = data.survey.map(({ gender: _, ...user }) => ({ ...user, stated_prefs: {} }));
  const { table, flow, overview } = await tableOf(data);
  expect([...table.columns.keys()].slice(-3)).toEqual(["REASONING_NUANCE_human", "younger", "white"]);
  expect(flow.notes.slice(0, 2)).toEqual([
    "prism/survey.jsonl does not have the question on gender: no column 'male'.",
    "prism/survey.jsonl does not have the question on values: no column 'high_values'.",
  ]);
  expect(overview.raters.map((r) => r.question)).toEqual(["Age", "Ethnicity"]);
});

test("the overview counts the users of the table, by the survey's answers", async () => {
  const data = smallPrism();
  data.survey[0] = { ...data.survey[0]!, religion: { simplified: "Other" }, lm_direct_use: "Yes" };
  data.survey[2] = { ...data.survey[2]!, lm_direct_use: "Yes" };
  const { overview } = await tableOf(data, true);
  expect(overview).toMatchObject({ format: "bridgewise-overview/1", simulated: true, rows: 3 });
  const users = (answer: string) => ({ answer, users: 1 });
  expect(overview.raters).toEqual([
    { question: "Age", counts: [users("35-44 years old"), users("65+ years old")] },
    { question: "Gender", counts: [users("Male"), users("Non-binary / third gender")] },
    { question: "Ethnicity", counts: [users("White"), users("not said")] },
    {
      question: "Importance of values (stated_prefs.values)",
      counts: [users("26 to 50"), users("51 to 75")],
    },
    { question: "Religion", counts: [users("Other"), users("not said")] },
  ]);
  expect(overview.attributes.map((a) => [a.name, a.parts[0]!.n]).slice(8, 10)).toEqual([
    ["REASONING_NUANCE", 3],
    ["AFFINITY_human", 1],
  ]);
  expect(overview.models.map((m) => [m.name, m.responses])).toEqual([
    ["gpt-4", 2],
    ["org/model,b", 1],
  ]);
});

test("texts that PRISM does not have are one warning; those of later turns are none", async () => {
  const data = smallPrism();
  data.scores.push(...scoresOf("model_response", "ut99", 0), ...scoresOf("user_prompt", "ut0", 0));
  const { issues } = await tableOf(data);
  expect(issues.map(({ kind, count, message }) => ({ kind, count, message }))).toEqual([
    {
      kind: "unmatched",
      count: 2,
      message:
        "scores.csv, line 89: model_response 'ut99' and 1 other text not in utterances.jsonl, left out",
    },
  ]);
});

test("scores by the texts' hashes give the same table", async () => {
  const data = smallPrism();
  const text = new Map(
    data.utterances.flatMap((u) => [
      [u.utterance_id as string, u.model_response as string],
      [u.interaction_id as string, u.user_prompt as string],
    ]),
  );
  const rows = data.scores.map(
    ([, id, attribute, score]): ScoreRow => ({ text_sha256: sha256Hex(text.get(id)!), attribute, score }),
  );
  const file = (name: "survey" | "conversations" | "utterances") => ({
    file: name,
    text: [jsonl(data[name])],
  });
  const hashed = await prismTable({
    survey: file("survey"),
    conversations: file("conversations"),
    utterances: file("utterances"),
    metadata: { file: "metadata", text: [jsonl(data.metadata!)] },
    scores: await readScores(formatScores(rows, "jsonl"), "scores.jsonl"),
  });
  const { table } = await tableOf(data);
  expect([...tableToCsv(hashed.table)]).toEqual([...tableToCsv(table)]);
  expect(hashed.issues).toEqual([]);
});

test("counts add up from step to step", async () => {
  const { flow, table } = await tableOf(smallPrism());
  for (const [i, step] of flow.steps.entries()) {
    const before = flow.steps[i - 1];
    if (before === undefined) continue;
    for (const of of ["users", "conversations", "responses"] as const) {
      expect(step[of] + step.dropped[of]).toBe(before[of]);
    }
  }
  expect(flow.byType.reduce((sum, type) => sum + type.responses, 0)).toBe(table.rows);
});
