import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writePrismTable } from "../../src/node/prism.ts";
import { writeSimulatedPrism } from "../../src/node/simulate.ts";
import { DEFAULT_TRUTH } from "../../src/simulate/index.ts";

const FILES = [
  "SIMULATED.json",
  "conversations.jsonl",
  "metadata.jsonl",
  "scores.csv",
  "survey.jsonl",
  "utterances.jsonl",
];
let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "simulate-"));
});
afterEach(() => rm(out, { recursive: true }));

const lines = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a small set goes through the prism table with the counts that it was made with", async () => {
  const prism = join(out, "prism");
  const written = await writeSimulatedPrism({ out: prism, seed: 5, scale: 0.05 });
  expect((await readdir(prism)).sort()).toEqual(FILES);
  const mark = JSON.parse(await readFile(join(prism, "SIMULATED.json"), "utf8"));
  expect(mark).toMatchObject({ seed: 5, scale: 0.05, truth: DEFAULT_TRUTH });
  expect(mark.note).toMatch(/^SIMULATED/);
  const kinds = mark.invented.map((sentence: string) => sentence.split(/[,:]| \(/)[0]);
  expect(kinds.slice(0, 4)).toEqual([
    "As published",
    "Chosen after a published number",
    "Drawn in the proportions of PRISM's codebook",
    "Invented",
  ]);
  expect(mark.moderated.log_score["b_TOXICITY:younger"]).toBe(-0.864);

  const table = join(out, "table");
  const { flow, issues, rows } = await writePrismTable({
    prism,
    scores: join(prism, "scores.csv"),
    out: table,
  });
  expect(issues).toEqual([]);
  const utterances = await lines(join(prism, "utterances.jsonl"));
  const first = utterances.filter((u) => u.turn === 0);
  const [all, turn, english, notEmpty, scored] = flow.steps;
  const { users, conversations, responses } = written;
  expect(all).toMatchObject({ users, conversations, responses });
  expect(responses).toBe(utterances.length);
  expect(turn!.responses).toBe(first.length);
  const prompts = await lines(join(prism, "metadata.jsonl"));
  const other = new Set(
    prompts.filter((m) => m.column_id === "user_prompt" && !m.en_flag).map((m) => m.interaction_id),
  );
  const kept = first.filter((u) => !other.has(u.interaction_id));
  expect(english!.responses).toBe(kept.length);
  expect(english!.dropped.conversations).toBe(3);
  expect(notEmpty!.dropped.responses).toBe(1);
  expect(kept.filter((u) => u.model_response === "EMPTY STRING")).toHaveLength(1);
  expect(scored!.dropped).toEqual({ users: 0, conversations: 0, responses: 1 });
  expect(rows).toBe(scored!.responses);
  expect(flow.notes[0]).toMatch(/^SIMULATED/);
  expect(await readFile(join(table, "SIMULATED.json"), "utf8")).toBe(
    await readFile(join(prism, "SIMULATED.json"), "utf8"),
  );
});

test("all fields of PRISM's codebook are there", async () => {
  await writeSimulatedPrism({ out, seed: 5, scale: 0.01 });
  const fields = async (name: string): Promise<string[]> =>
    Object.keys((await lines(join(out, name)))[0]!).sort();
  const schema = (names: string): string[] => names.split(" ").sort();
  expect(await fields("survey.jsonl")).toEqual(
    schema(
      "user_id survey_only num_completed_conversations consent consent_age lm_familiarity lm_direct_use lm_indirect_use lm_frequency_use lm_usecases order_lm_usecases stated_prefs order_stated_prefs self_description system_string age education employment_status marital_status english_proficiency gender religion ethnicity location study_id study_locale generated_datetime timing_duration_s timing_duration_mins included_in_UK_REP included_in_US_REP included_in_balanced_subset",
    ),
  );
  expect(await fields("conversations.jsonl")).toEqual(
    schema(
      "conversation_id user_id conversation_type opening_prompt conversation_turns conversation_history performance_attributes choice_attributes open_feedback generated_datetime timing_duration_s timing_duration_mins included_in_balanced_subset",
    ),
  );
  expect(await fields("utterances.jsonl")).toEqual(
    schema(
      "utterance_id interaction_id conversation_id user_id turn within_turn_id conversation_type user_prompt model_name model_provider model_response score if_chosen included_in_balanced_subset",
    ),
  );
  expect(await fields("metadata.jsonl")).toEqual(
    schema(
      "column_id user_id conversation_id interaction_id utterance_id pii_flag pii_manual_flag language_flag en_flag moderation_flag",
    ),
  );
});

test("simulated data are written over, others never", async () => {
  await writeSimulatedPrism({ out, seed: 1, scale: 0.01 });
  await writeSimulatedPrism({ out, seed: 2, scale: 0.01 });
  expect(JSON.parse(await readFile(join(out, "SIMULATED.json"), "utf8")).seed).toBe(2);
  expect((await readdir(out)).sort()).toEqual(FILES);
  const real = join(out, "real");
  await mkdir(real);
  await writeFile(join(real, "survey.jsonl"), "{}\n");
  await expect(writeSimulatedPrism({ out: real, seed: 1, scale: 0.01 })).rejects.toThrow(
    `${join(real, "survey.jsonl")}: is there and not simulated (no SIMULATED.json beside it); choose another folder`,
  );
  expect(await readdir(real)).toEqual(["survey.jsonl"]);
});
