import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/scores/index.ts";
import {
  ATTRIBUTE_MOMENTS,
  attributeCorrelations,
  CONVERSATION_SHARE,
  correlationOf,
  SPREADS,
} from "../../src/simulate/attribute-moments.ts";
import {
  MERGED_ATTRIBUTES,
  type MergedAttribute,
  PRISM_MODELS,
  prismStructure,
  simulatedFiles,
  simulatePrism,
} from "../../src/simulate/index.ts";
import { decodeStructure, encodeStructure } from "../../src/simulate/structure.ts";
import { momentsOf } from "./moments.ts";

const fixture = (name: string): string[] =>
  readFileSync(new URL(`../../../../fixtures/data/${name}`, import.meta.url), "utf8")
    .trim()
    .split(/\r?\n/);

describe("what is embedded is what the fixtures hold", () => {
  test("the structure, in less than 60 KB", () => {
    const lines = prismStructure().map((row) => `${row.conversation_id},${row.user_id},${row.responses}`);
    expect(["conversation_id,user_id,first_turn_responses", ...lines]).toEqual(
      fixture("prism-structure.csv"),
    );
    expect(encodeStructure(prismStructure()).length).toBeLessThan(60_000);
  });
  test("all numbers of responses have a code", () => {
    const rows = [2, 3, 4].map((responses, i) => ({
      conversation_id: `c${i}`,
      user_id: `user${1499 - i}`,
      responses,
    }));
    expect(decodeStructure(encodeStructure(rows))).toEqual(rows);
    expect(() => encodeStructure([{ ...rows[0]!, responses: 5 }])).toThrow(
      "row 1 has no code: c0, user1499, 5",
    );
  });
  test("the models", () => {
    const models = fixture("prism-models.jsonl").map((line) => JSON.parse(line));
    expect(PRISM_MODELS.map(({ name }) => name)).toEqual(models.map((m) => m.long_name));
    // the list of models writes providers for readers, the data by their codebook
    const pairs = new Set(PRISM_MODELS.map(({ provider }, i) => `${models[i].model_provider}: ${provider}`));
    expect([...pairs].sort()).toEqual([
      "Aleph: aleph",
      "Anthropic: anthropic",
      "Cohere: cohere",
      "Google: google",
      "HuggingFace-API: huggingface_api",
      "OpenAI: openai",
    ]);
  });
  test("the attributes' moments", () => {
    const [header, ...lines] = fixture("prism-like.csv").map((line) => line.replaceAll('"', "").split(","));
    const columns = ATTRIBUTES.map((name) =>
      Float64Array.from(lines, (cells) => Number(cells[header!.indexOf(name)])),
    );
    const { means, sds, correlations, shares } = momentsOf(
      columns,
      lines.map((cells) => cells[0]!),
    );
    const wanted = attributeCorrelations();
    const at = (name: (typeof ATTRIBUTES)[number]) => columns[ATTRIBUTES.indexOf(name)]!;
    const product = momentsOf(
      [at("REASONING").map((value, row) => value * at("NUANCE")[row]!)],
      lines.map((cells) => cells[0]!),
    );
    expect(product.means[0]).toBeCloseTo(ATTRIBUTE_MOMENTS.REASONING_NUANCE.mean, 3);
    expect(Math.abs(product.sds[0]! - ATTRIBUTE_MOMENTS.REASONING_NUANCE.sd)).toBeLessThan(6e-4);
    for (const [i, name] of ATTRIBUTES.entries()) {
      expect(means[i]).toBeCloseTo(ATTRIBUTE_MOMENTS[name].mean, 3);
      expect(Math.abs(sds[i]! - ATTRIBUTE_MOMENTS[name].sd)).toBeLessThan(6e-4);
      expect(Math.abs(shares[i]! - CONVERSATION_SHARE)).toBeLessThan(0.06);
      for (let j = 0; j < i; j++) {
        const found = correlations[i]![j]!;
        expect(Math.abs(found - wanted[i]![j]!)).toBeLessThan(wanted[i]![j] === 0 ? 0.1 : 0.006);
      }
    }
  });
});

const full = simulatePrism({ seed: 7 });

const rows = full.conversations.flatMap(({ conversation_id, turns }) =>
  turns[0]!.responses
    .filter((r) => !r.attributes.includes(Number.NaN))
    .map((r) => ({ conversation_id, ...r, prompt: turns[0]!.prompt.attributes })),
);

test("attributes have the moments that they were calibrated to", () => {
  const names = ["NUANCE", "REASONING", ...MERGED_ATTRIBUTES] as const;
  const columns = names.map((name) =>
    Float64Array.from(rows, ({ attributes }) =>
      name === "REASONING_NUANCE"
        ? attributes[ATTRIBUTES.indexOf("REASONING")]! * attributes[ATTRIBUTES.indexOf("NUANCE")]!
        : attributes[ATTRIBUTES.indexOf(name)]!,
    ),
  );
  const { means, sds, correlations, shares } = momentsOf(
    columns,
    rows.map((row) => row.conversation_id),
  );
  for (const [i, name] of names.entries()) {
    const { mean, sd } = ATTRIBUTE_MOMENTS[name];
    // REASONING and NUANCE are what their product was split into.
    const split = i < 2;
    // Four standard errors of a mean over 21 models and, 1.4 times wider, over alike responses of a conversation.
    const model = split ? 0.02 : SPREADS[name as MergedAttribute].model;
    const se = Math.hypot((1.4 * sd) / Math.sqrt(rows.length), model / Math.sqrt(21));
    expect(Math.abs(means[i]! - mean), name).toBeLessThan(4 * se + (split ? 0.015 : 0));
    expect(Math.abs(sds[i]! / sd - 1), name).toBeLessThan(split ? 0.12 : 0.04);
    expect(Math.abs(shares[i]! - CONVERSATION_SHARE), name).toBeLessThan(0.06);
    // Prompts add to the correlations of their responses.
    for (let j = 0; j < i; j++) {
      if (name === "REASONING_NUANCE") continue;
      const wanted = correlationOf(name, names[j]!);
      expect(Math.abs(correlations[i]![j]! - wanted), `${name} ${names[j]}`).toBeLessThan(0.09);
    }
  }
});

test("PRISM's sizes, types and PAPER's conversations in English", () => {
  const { conversations, users } = full;
  expect(users).toHaveLength(1500);
  expect(conversations).toHaveLength(8011);
  const count = (type: string, english: boolean) =>
    conversations.filter((c) => c.conversation_type === type && (!english || c.english)).length;
  const types = ["unguided", "values guided", "controversy guided"];
  expect(types.map((type) => count(type, false))).toEqual([3113, 2460, 2438]);
  expect(types.map((type) => count(type, true))).toEqual([3093, 2440, 2427]);
  expect(new Set(conversations.filter((c) => c.english).map((c) => c.user_id)).size).toBe(1394);
  const second = conversations.filter((c) => c.turns.length > 1);
  expect(Math.abs(second.length / 8011 - 0.1)).toBeLessThan(0.015);
  for (const { turns } of conversations) {
    const [first, later] = turns;
    expect(new Set(first!.responses.map((r) => r.model)).size).toBe(first!.responses.length);
    if (later) expect(first!.responses.map((r) => r.model)).toContain(later.responses[0]!.model);
  }
});

test("demographics have the published proportions", () => {
  const share = (holds: (user: (typeof full.users)[number]) => boolean) =>
    full.users.filter(holds).length / 1500;
  const expected: [number, number][] = [
    [share((u) => u.age === "25-34 years old"), 454 / 1500],
    [share((u) => u.gender === "Male"), 757 / 1500],
    [share((u) => u.ethnicity === "White"), 969 / 1500],
  ];
  for (const [found, p] of expected)
    expect(Math.abs(found - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1500));
  const values = full.users.reduce((sum, user) => sum + user.values, 0) / 1500;
  expect(Math.abs(values - 54.3)).toBeLessThan((4 * 26.3) / Math.sqrt(1500));
});

describe("seed and scale", () => {
  const text = (seed: number, scale = 0.02): string[] =>
    simulatedFiles(simulatePrism({ seed, scale })).map((file) => [...file.text].join(""));
  test("the same seed gives the same bytes, another one others", () => {
    expect(text(3)).toEqual(text(3));
    const [one, other] = [text(3), text(4)];
    for (const [i, content] of one.entries()) expect(content).not.toBe(other[i]);
    expect(text(3 + 2 ** 32)).not.toEqual(text(3));
  });
  test("texts are unique and say that they are simulated", () => {
    const utterances = text(3)
      .at(-1)!
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const responses = utterances.map((u) => u.model_response).filter((r) => r !== "EMPTY STRING");
    expect(new Set(responses).size).toBe(responses.length);
    expect(responses.every((r) => /^Simulated response \d+ \(placeholder text, not real\)$/.test(r))).toBe(
      true,
    );
    expect(utterances.every((u) => u.user_prompt.startsWith("Simulated prompt"))).toBe(true);
  });
  test.each([0, -1, 1.1, Number.NaN])("scale %d is refused", (scale) => {
    expect(() => simulatePrism({ seed: 1, scale })).toThrow(
      `the scale is ${scale}, expected a share of PRISM's users above 0 and at most 1`,
    );
  });
  test.each([-1, 0.5, Number.NaN, 2 ** 53])("seed %d is refused", (seed) => {
    expect(() => simulatePrism({ seed })).toThrow(`the seed is ${seed}, expected a whole number from 0`);
  });
  test("unknown coefficients are refused, by name", () => {
    const simulate = (highest: Record<string, number>) => () =>
      simulatePrism({ seed: 1, coefficients: { highest } });
    expect(simulate({ b_NUANCE: 1 })).toThrow(
      "highest has no 'b_NUANCE'; there are b_Intercept, b_REASONING_NUANCE",
    );
    expect(simulate({ sd_user_id__Intercept: -1 })).toThrow("highest: sd_user_id__Intercept cannot be -1");
    expect(simulate({ b_Intercept: Number.NaN })).toThrow("highest: b_Intercept cannot be NaN");
  });
});
