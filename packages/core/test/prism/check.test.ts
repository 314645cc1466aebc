import { beforeAll, expect, test } from "vitest";
import { checkPrism, PRISM_FILES, type PrismCheck, type PrismFileName } from "../../src/prism/index.ts";
import { simulatedFiles, simulatePrism } from "../../src/simulate/index.ts";

type Texts = Record<PrismFileName, string | null>;
let small: Texts;
let full: Texts;

beforeAll(() => {
  small = textsOf(0.01);
  full = textsOf(1);
}, 120_000);

function textsOf(scale: number): Texts {
  const files = new Map(
    simulatedFiles(simulatePrism({ seed: 3, scale })).map(({ name, text }) => [name, text]),
  );
  return Object.fromEntries(
    PRISM_FILES.map((name) => [name, [...files.get(`${name}.jsonl`)!].join("")]),
  ) as Texts;
}

function check(texts: Texts, simulatedScale: number | null = 0.01): Promise<PrismCheck> {
  return checkPrism({
    files: Object.fromEntries(
      PRISM_FILES.map((name) => [
        name,
        { file: `prism/${name}.jsonl`, text: texts[name] === null ? null : [texts[name]] },
      ]),
    ) as Parameters<typeof checkPrism>[0]["files"],
    simulatedScale,
  });
}

const messages = ({ differences }: PrismCheck): string[] => differences.map(({ message }) => message);

/** The small data with line `line` of a file replaced by what `change` makes of its record. */
function changed(
  file: PrismFileName,
  line: number,
  change: (record: Record<string, unknown>) => unknown,
): Texts {
  const lines = small[file]!.split("\n");
  const made = change(JSON.parse(lines[line - 1]!));
  lines[line - 1] = typeof made === "string" ? made : JSON.stringify(made);
  return { ...small, [file]: lines.join("\n") };
}
const set = (file: PrismFileName, line: number, fields: Record<string, unknown>): Texts =>
  changed(file, line, (record) => ({ ...record, ...fields }));

test("simulated files agree with the codebook, and at full size with the counts that they keep", async () => {
  expect(messages(await check(small))).toEqual([]);
  const found = await check(full, 1);
  expect(messages(found)).toEqual([]);
  expect(found.agrees).toBe(true);
  const agreeing = found.counts.filter(({ status }) => status === "agrees");
  expect(Object.fromEntries(agreeing.map(({ what, found: n }) => [what, n]))).toEqual({
    "users in the survey": 1500,
    "users with conversations": 1396,
    conversations: 8011,
    "conversations, unguided": 3113,
    "conversations, values guided": 2460,
    "conversations, controversy guided": 2438,
    models: 21,
    "English first prompt: users": 1394,
    "English first prompt: conversations": 7960,
    "English first prompt: unguided": 3093,
    "English first prompt: values guided": 2440,
    "English first prompt: controversy guided": 2427,
  });
});

test("data that are not marked as simulated are held to every published count", async () => {
  const found = await check(full, null);
  const all = messages(found);
  const rows = full.utterances!.trim().split("\n").length.toLocaleString("en");
  expect(all).toContain(`prism/utterances.jsonl: rated responses: ${rows}, expected 68,371 (PRISM)`);
  expect(all.filter((message) => message.includes("users in the survey"))).toEqual([]);
  expect(all).toContainEqual(
    expect.stringMatching(
      /^prism\/survey\.jsonl, column 'gender': [0-9]+ rows have 'Male', expected 757 \(PRISM\)$/,
    ),
  );
  const values = found.counts.find(({ file, what }) => file === "conversations" && /by value/.test(what));
  // the types of conversation are as published, the balanced subset is not simulated
  expect(values).toMatchObject({ published: 5, found: 3, status: "differs" });
});

test("the codebook's counts by value add up to the rows of each file", async () => {
  const { CODEBOOK } = await import("../../src/prism/check/codebook.ts");
  const sum = (counts: object): number => Object.values(counts).reduce((total, count) => total + count, 0);
  for (const [name, rule] of Object.entries(CODEBOOK.survey)) {
    const inner = Object.entries(rule.fields ?? {});
    for (const [path, { published }] of [[name, rule] as const, ...inner]) {
      // Who does not use language models was not asked.
      if (published) expect(sum(published), path).toBe(name === "lm_frequency_use" ? 1253 : 1500);
    }
  }
  const rows = { conversations: 8011, utterances: 68371, metadata: 106554 };
  for (const [file, count] of Object.entries(rows)) {
    for (const [name, { published }] of Object.entries(CODEBOOK[file as keyof typeof rows])) {
      if (published) expect(sum(published), `${file} ${name}`).toBe(count);
    }
  }
});

test("a column that is missing everywhere is one difference", async () => {
  const without = small
    .conversations!.trim()
    .split("\n")
    .map((line) => {
      const { opening_prompt: _, ...record } = JSON.parse(line);
      return JSON.stringify(record);
    });
  const found = await check({ ...small, conversations: without.join("\r\n") });
  expect(messages(found)).toEqual([
    `prism/conversations.jsonl, line 1, column 'opening_prompt': is missing, expected a text that is not empty; and ${without.length - 1} more rows`,
  ]);
  expect(found.differences[0]).toMatchObject({
    file: "prism/conversations.jsonl",
    line: 1,
    column: "opening_prompt",
    rows: without.length,
  });
});

test.each<[string, string, () => Texts]>([
  [
    "a score out of range",
    "prism/utterances.jsonl, line 5, column 'score': is 101, expected a whole number from 1 to 100",
    () => set("utterances", 5, { score: 101 }),
  ],
  [
    "a score as text",
    `prism/utterances.jsonl, line 5, column 'score': is "50", expected a whole number from 1 to 100`,
    () => set("utterances", 5, { score: "50" }),
  ],
  [
    "an empty response",
    `prism/utterances.jsonl, line 2, column 'model_response': is "", expected a text, of an empty response 'EMPTY STRING'`,
    () => set("utterances", 2, { model_response: "" }),
  ],
  [
    "another model",
    `prism/utterances.jsonl, line 1, column 'model_name': is "gpt-5", expected one of the codebook's 21 values, such as 'command'`,
    () => set("utterances", 1, { model_name: "gpt-5" }),
  ],
  [
    "an answer in other words",
    `prism/survey.jsonl, line 2, column 'gender': is "male", expected one of 'Male', 'Female', 'Non-binary / third gender', 'Prefer not to say'`,
    () => set("survey", 2, { gender: "male" }),
  ],
  [
    "a field within a column",
    "prism/survey.jsonl, line 1, column 'ethnicity.categorised': is missing, expected one of 'White', 'Black / African', 'Hispanic / Latino', 'Asian', 'Prefer not to say', 'Mixed', 'Other', 'Middle Eastern / Arab', 'Indigenous / First Peoples'",
    () => set("survey", 1, { ethnicity: { self_described: "x", simplified: "Asian" } }),
  ],
  [
    "a flag that is no flag",
    "prism/metadata.jsonl, line 3, column 'en_flag': is 1, expected true or false",
    () => set("metadata", 3, { en_flag: 1 }),
  ],
  [
    "a list that holds something else",
    "prism/conversations.jsonl, line 1, column 'conversation_history': is [7], expected a list of messages of users and models, with their scores from 1 to 100",
    () => set("conversations", 1, { conversation_history: [7] }),
  ],
  [
    "a column more",
    "prism/survey.jsonl, line 1, column 'income': is not in PRISM's codebook",
    () => set("survey", 1, { income: 3 }),
  ],
  [
    "a line that holds no object",
    "prism/survey.jsonl, line 2: holds no JSON object; each line holds one, as {...}",
    () => changed("survey", 2, () => "[1, 2]"),
  ],
])("%s", async (_name, message, make) => {
  expect(messages(await check(make()))).toContain(message);
});

test("a line that is cut off is told, and the others are read", async () => {
  const found = messages(await check(changed("survey", 2, () => `{"user_id": "u`)));
  expect(found[0]).toMatch(
    /^prism\/survey\.jsonl, line 2: is not valid JSON \(.*\); each line holds one object$/,
  );
  for (const message of found.slice(1)) expect(message).toMatch(/which is not in survey\.jsonl/);
});

test("ids that come twice, or name nothing, or something else", async () => {
  const lines = small.utterances!.split("\n");
  const first = JSON.parse(lines[0]!);
  const twice = await check({ ...small, utterances: `${small.utterances}${lines[0]}\n` });
  const end = lines.length;
  expect(messages(twice)).toEqual([
    `prism/utterances.jsonl, line ${end}, column 'utterance_id': is "ut0", which line 1 has already`,
  ]);
  expect(messages(await check(set("utterances", 1, { conversation_id: "c99999" })))).toContain(
    `prism/utterances.jsonl, line 1, column 'conversation_id': is "c99999", which is not in conversations.jsonl`,
  );
  expect(messages(await check(set("utterances", 1, { user_id: "user1" })))).toContain(
    `prism/utterances.jsonl, line 1, column 'user_id': is "user1", in conversations.jsonl conversation "${first.conversation_id}" has "${first.user_id}"`,
  );
});

test("a first turn has 2 to 4 responses, and its prompt stands in the metadata", async () => {
  const { conversation_id, interaction_id } = JSON.parse(small.utterances!.split("\n")[0]!);
  const keep = (text: string, holds: (record: Record<string, unknown>) => boolean): string =>
    text
      .trim()
      .split("\n")
      .filter((line) => holds(JSON.parse(line)))
      .join("\n");
  let left = 1;
  const one = keep(
    small.utterances!,
    (record) => record.conversation_id !== conversation_id || record.turn !== 0 || left-- > 0,
  );
  expect(messages(await check({ ...small, utterances: one }))).toContain(
    `prism/conversations.jsonl, line 1: conversation "${conversation_id}" has 1 response to its first prompt in utterances.jsonl, expected 2 to 4`,
  );
  const metadata = keep(
    small.metadata!,
    (record) => record.column_id !== "user_prompt" || record.interaction_id !== interaction_id,
  );
  expect(messages(await check({ ...small, metadata }))).toEqual([
    `prism/utterances.jsonl, line 1, column 'interaction_id': "${interaction_id}" has no prompt in metadata.jsonl`,
  ]);
});

test("a file that is missing or empty is a difference, and its counts are left open", async () => {
  const missing = await check({ ...small, metadata: null });
  expect(messages(missing)).toEqual(["prism/metadata.jsonl: not found"]);
  expect(missing.counts.filter(({ file }) => file === "metadata").map(({ found }) => found)).toEqual(
    new Array(7).fill(null),
  );
  expect(messages(await check({ ...small, survey: "\n" }))).toContain("prism/survey.jsonl: has no rows");
});

test("many columns that are not the codebook's are named up to twenty, hostile names and values on one line", async () => {
  const more = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, i]));
  const found = messages(await check(set("survey", 1, more)));
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe(
    "prism/survey.jsonl, line 1: 'x20' and other columns are not in PRISM's codebook; and 9 more rows",
  );
  const hostile = messages(
    await check(
      changed(
        "survey",
        1,
        (record) =>
          `${JSON.stringify({ ...record, age: `a\n${"b".repeat(500)}` }).slice(0, -1)},"__proto__":{"age":1},"a\\nb":1}`,
      ),
    ),
  );
  expect(hostile).toHaveLength(3);
  for (const message of hostile) expect(message).toMatch(/^.{1,260}$/);
  expect(hostile).toContain("prism/survey.jsonl, line 1, column '__proto__': is not in PRISM's codebook");
});
