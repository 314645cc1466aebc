import { describe, expect, test } from "vitest";
import { frameFromArrays } from "../../src/frame/index.ts";
import { countAnswers, overviewOf } from "../../src/overview/index.ts";

const table = frameFromArrays(
  {
    conversation_id: ["c0", "c0", "c1", "c2", "c2"],
    conversation_type: [
      "values guided",
      "values guided",
      "unguided",
      "controversy guided",
      "controversy guided",
    ],
    user_id: ["u0", "u0", "u1", "u0", "u0"],
    model_name: ["b", "a", "b", "a", "b"],
    score: [10, 20, 30, 40, 60],
    highest: [1, 0, 1, 0, 1],
    AFFINITY: [0, 0.025, 0.5, 1, 0.2],
    TOXICITY: [0.1, 0.2, Number.NaN, 0.4, 0.2],
    RESPECT: [0.3, 0.3, 0.3, 0.3, 0.3],
    AFFINITY_human: [0.4, 0.4, Number.NaN, 0.8, 0.8],
    CURIOSITY_human: Array(5).fill(Number.NaN),
    younger: [1, 1, Number.NaN, 1, 1],
    male: [1, 1, 0, 1, 1],
  },
  "table.csv",
);
const overview = overviewOf(table, { simulated: false });
const part = (attribute: string, subset: string) =>
  overview.attributes.find((a) => a.name === attribute)!.parts.find((p) => p.subset === subset)!;

test("subsets are spelled as published, all first; an attribute without values is left out", () => {
  expect(overview.attributes.map((a) => a.name)).toEqual([
    "AFFINITY",
    "RESPECT",
    "TOXICITY",
    "AFFINITY_human",
  ]);
  expect(overview.attributes[0]!.parts.map((p) => [p.subset, p.n])).toEqual([
    ["all", 5],
    ["unguided", 1],
    ["value guided", 2],
    ["controversy guided", 2],
  ]);
  // The unguided conversation's response has no TOXICITY.
  expect(overview.attributes[2]!.parts.map((p) => [p.subset, p.n])).toEqual([
    ["all", 4],
    ["value guided", 2],
    ["controversy guided", 2],
  ]);
});

test("moments, quantiles and 40 bins from 0 to 1, the last one closed", () => {
  const { mean, sd, quantiles, histogram } = part("AFFINITY", "all");
  expect(mean).toBeCloseTo(1.725 / 5, 12);
  expect(sd).toBeCloseTo(0.41698321309136654, 12);
  expect(quantiles.map((q) => Number(q.toFixed(6)))).toEqual([0.005, 0.025, 0.2, 0.5, 0.9]);
  expect([histogram.from, histogram.to, histogram.counts.length]).toEqual([0, 1, 40]);
  const bins = histogram.counts.flatMap((n, bin) => (n > 0 ? [[bin, n]] : []));
  expect(bins).toEqual([
    [0, 1],
    [1, 1],
    [8, 1],
    [20, 1],
    [39, 1],
  ]);
  expect(part("AFFINITY", "unguided").sd).toBe(0);
});

test("a prompt counts once, whatever the number of its responses", () => {
  expect(part("AFFINITY_human", "all")).toMatchObject({ n: 2, mean: (0.4 + 0.8) / 2 });
  expect(part("AFFINITY_human", "controversy guided").n).toBe(1);
});

test("correlations over complete responses, without what does not vary", () => {
  const { names, matrix } = overview.correlations;
  expect(names).toEqual(["AFFINITY", "TOXICITY"]);
  // Python: statistics.correlation([0, 0.025, 1, 0.2], [0.1, 0.2, 0.4, 0.2])
  expect(matrix[0]![1]).toBeCloseTo(0.9526616227818825, 12);
  expect(matrix[1]![0]).toBe(matrix[0]![1]);
  expect(matrix[0]![0]).toBe(1);
});

test("raters are counted once; models with their scores and choices", () => {
  expect(overview.raters).toEqual([
    {
      question: "younger",
      counts: [
        { answer: "yes", users: 1 },
        { answer: "not said", users: 1 },
      ],
    },
    {
      question: "male",
      counts: [
        { answer: "no", users: 1 },
        { answer: "yes", users: 1 },
      ],
    },
  ]);
  expect(overview.models).toEqual([
    { name: "a", responses: 2, mean_score: 30, chosen: 0 },
    { name: "b", responses: 3, mean_score: 100 / 3, chosen: 1 },
  ]);
});

describe("data that are not PRISM", () => {
  const other = frameFromArrays(
    { rater: ["x", "y", "y"], country: ["DK", "SE", "SE"], length: [120, 40, 80], group: ["s", "s", "t"] },
    "ratings.csv",
  );
  test("any numeric columns, over their own range, any parts", () => {
    const found = overviewOf(other, {
      simulated: true,
      attributes: ["length"],
      subsets: [{ name: "s", rows: [0, 1] }],
      rater: "rater",
      raterColumns: ["country"],
    });
    expect(found.simulated).toBe(true);
    expect(found.attributes).toHaveLength(1);
    expect(found.attributes[0]!.parts.map((p) => [p.subset, p.n, p.mean])).toEqual([
      ["all", 3, 80],
      ["s", 2, 80],
    ]);
    expect(found.attributes[0]!.parts[1]!.histogram).toMatchObject({ from: 40, to: 120 });
    expect(found.raters[0]!.counts).toEqual([
      { answer: "DK", users: 1 },
      { answer: "SE", users: 1 },
    ]);
    expect(found.models).toEqual([]);
  });
  test("nothing to describe is an empty overview", () => {
    expect(overviewOf(other, { simulated: false })).toMatchObject({
      attributes: [],
      correlations: { names: [], matrix: [] },
      raters: [],
    });
  });
  test("a column that is not there, or holds texts, is refused by name", () => {
    const of = (attributes: string[]) => () => overviewOf(other, { simulated: false, attributes });
    expect(of(["lenght"])).toThrow("ratings.csv, column 'lenght': no such column; did you mean 'length'?");
    expect(of(["group"])).toThrow("ratings.csv, column 'group': is not numeric, so it has no distribution");
  });
});

test("answers in their order, then by number, what was not said last; none where all said the same", () => {
  const answers = ["b", null, "c", "old", "c", "a", "young"];
  expect(countAnswers("q", answers, ["young", "old"])!.counts.map((c) => c.answer)).toEqual([
    "young",
    "old",
    "c",
    "a",
    "b",
    "not said",
  ]);
  expect(countAnswers("q", ["a", "a"])).toBeNull();
});
