import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Estimated,
  evaluateHypotheses,
  type KnownData,
  multiplicityOf,
  type PlannedFit,
  type PublishedRow,
  parsePublished,
  planFits,
  sensitivityRows,
  star,
  type TableRow,
  tableRow,
  tenthEffect,
  tenthKind,
} from "../../src/index.ts";
import { randomStream } from "../../src/simulate/random.ts";
import { shippedPlan } from "./ratings.ts";

const { plan } = shippedPlan("paper.yaml");
const fits = planFits(plan, { sensitivity: true, levels: { model_name: ["gpt-4"] } });
const fitOf = (id: string): PlannedFit => fits.find((fit) => fit.id === id)!;
const published = parsePublished(
  readFileSync(new URL("../../plans/paper.published.json", import.meta.url), "utf8"),
  "paper.published.json",
  plan,
);

/** 4,000 draws with exactly this mean and sd. */
function drawsWith(mean: number, sd: number): Float64Array {
  const random = randomStream(5, "draws");
  const z = Float64Array.from({ length: 4000 }, () => random.normal());
  const centre = z.reduce((sum, x) => sum + x, 0) / z.length;
  const spread = Math.sqrt(z.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (z.length - 1));
  return z.map((x) => mean + (sd * (x - centre)) / spread);
}

async function rowWith(
  draws: Float64Array,
  known: KnownData = { simulated: false, rows: 30_000 },
): Promise<TableRow> {
  const fit = fitOf("1a-all");
  const hypothesis = fit.hypotheses[0]!;
  const values = { variables: [hypothesis.variable], chains: 4, draws: draws.length / 4, values: draws };
  const { rows } = await evaluateHypotheses([hypothesis.hypothesis], values);
  return tableRow({
    ...{ fit, hypothesis, draws, known, result: rows[0]! },
    published: published.rowOf(fit, hypothesis),
    kind: tenthKind(fit, plan.derive),
  });
}

describe("tableRow", () => {
  it("puts the estimate beside the published one, in combined standard errors", async () => {
    const row = await rowWith(drawsWith(1.2, 0.12));
    expect(row).toMatchObject({
      analysis: "1a",
      conversation_type: "all",
      dv: null,
      term: "REASONING_NUANCE",
      direction: ">",
      fit: "1a-all",
      variable: "b_REASONING_NUANCE",
      explanation: null,
    });
    expect(row.published?.estimate).toBe(1.036);
    // sqrt(0.12^2 + 0.09^2) = 0.15
    expect(row.difference_se).toBeCloseTo((1.2 - 1.036) / 0.15, 10);
    expect(row.ours).toMatchObject({ evidence_ratio: "Inf", post_prob: 1, star: "*", draws: 4000 });
    expect(row.ours.estimate).toBeCloseTo(1.2, 12);
    // a 90% interval: 5 and 95% quantiles, within the error of 4,000 draws' quantiles (sd sqrt(.05 x .95 / 4000) / density)
    const error = (4 * 0.12 * Math.sqrt((0.05 * 0.95) / 4000)) / 0.1031;
    expect(Math.abs(row.ours.ci_lower - (1.2 - 1.6449 * 0.12))).toBeLessThan(error);
    expect(Math.abs(row.ours.ci_upper - (1.2 + 1.6449 * 0.12))).toBeLessThan(error);
  });

  it("explains a difference of more than 3 by what is known", async () => {
    const draws = drawsWith(-0.2, 0.12);
    const unknown = await rowWith(draws);
    expect(unknown.difference_se).toBeCloseTo(-1.236 / 0.15, 10);
    expect(unknown.explanation).toMatch(
      /^Ours is 8.2 combined standard errors below the published estimate, and of the other sign. Nothing that is known/,
    );
    const simulated = await rowWith(draws, { simulated: true, rows: 100, truth: -0.25 });
    expect(simulated.explanation).toBe(
      "Ours is 8.2 combined standard errors below the published estimate, and of the other sign. " +
        "The data are simulated: they say nothing about the published value. They were made with -0.25, which is inside our 90% interval.",
    );
    const other = await rowWith(drawsWith(2, 0.12), {
      ...{ simulated: false, rows: 20_000, publishedRows: 27_172 },
      scores: "the scores are those of another scorer",
    });
    expect(other.explanation).toBe(
      "Ours is 6.4 combined standard errors above the published estimate, and of the same sign. " +
        "The fit used 20,000 rows, the published one 27,172. The scores are those of another scorer.",
    );
    const inside = await rowWith(drawsWith(1.036 + 0.15 * 2.99, 0.12));
    expect(inside.explanation).toBeNull();
  });

  it("gives the effect of 0.1 by draws, and the paper's reading apart", () => {
    const effect = tenthEffect("odds ratio", Float64Array.of(0.836, 1.036, 1.236));
    const ratios = [0.0836, 0.1036, 0.1236].map(Math.exp);
    expect(effect.ratio).toBeCloseTo((ratios[0]! + ratios[1]! + ratios[2]!) / 3, 12);
    // type 7: a tenth of the way from the first to the second
    expect(effect.lower).toBeCloseTo(0.9 * ratios[0]! + 0.1 * ratios[1]!, 12);
    expect(effect.upper).toBeCloseTo(0.1 * ratios[1]! + 0.9 * ratios[2]!, 12);
    // The paper prints 18.18 for b = 1.036; the odds ratio is 10.9%.
    expect(effect.paper_percent).toBeCloseTo(18.18, 2);
    expect(tenthEffect("difference", Float64Array.of(1, 3))).toMatchObject({
      kind: "difference",
      ratio: 0.2,
      paper_percent: null,
    });
  });

  it("agrees with the percents of the paper's text, but for one", () => {
    const { percent_effects_in_text: texts } = JSON.parse(
      readFileSync(new URL("../../../../fixtures/paper/paper-tables.json", import.meta.url), "utf8"),
    ) as { percent_effects_in_text: Record<string, Record<string, Record<string, number>>> };
    const other: unknown[] = [];
    let count = 0;
    for (const analysis of ["1a", "1b"])
      for (const [term, values] of Object.entries(texts[analysis]!))
        for (const [type, percent] of Object.entries(values)) {
          const subset = type.replace("values guided", "value guided");
          const { estimate } = published.rowOf({ analysis, subset, dv: null }, { term })!;
          const { paper_percent } = tenthEffect("odds ratio", Float64Array.of(estimate));
          if (Math.abs(paper_percent! - percent) > 0.0051) other.push([analysis, subset, term, percent]);
          count++;
        }
    // The table's 1.261 is 25.29; the text's 24.94 would be 1.251.
    expect(other).toEqual([["1b", "value guided", "REASONING_NUANCE", 24.94]]);
    expect(count).toBe(17);
  });
});

describe("tenthKind", () => {
  const kind = (formula: string, family: PlannedFit["family"], derive = plan.derive): string =>
    tenthKind({ formula, family }, derive);

  it("follows link and response", () => {
    expect(tenthKind(fitOf("1a-all"), plan.derive)).toBe("odds ratio");
    expect(tenthKind(fitOf("1b-all"), plan.derive)).toBe("score ratio");
    expect(tenthKind(fitOf("3-TOXICITY"), plan.derive)).toBe("difference");
    expect(kind("rating ~ x", "cumulative")).toBe("odds ratio");
    expect(kind("log(score) ~ x", "student_t")).toBe("score ratio");
    expect(kind("lscore ~ x", "gaussian", [{ name: "lscore", expression: "log(score)", line: 1 }])).toBe(
      "score ratio",
    );
    expect(
      kind("log_score ~ x", "gaussian", [{ name: "log_score", expression: "score / 10", line: 1 }]),
    ).toBe("difference");
    expect(kind("score ~ x", "gaussian")).toBe("difference");
  });
});

describe("star", () => {
  it("marks above 100 and above 10", () => {
    expect(
      ["Inf", 100.1, 100, 10.1, 10, 0.5, null].map((ratio) => star(ratio as Estimated["evidence_ratio"])),
    ).toEqual(["*", "*", "†", "†", "", "", ""]);
  });

  it("marks as the paper does, but for one row", () => {
    const other = published.rows.filter(
      (row: PublishedRow) => star(row.evidence_ratio === null ? "Inf" : row.evidence_ratio) !== row.star,
    );
    expect(other.map(({ dv, term, evidence_ratio, star: mark }) => [dv, term, evidence_ratio, mark])).toEqual(
      [["TOXICITY", "RESPECT_human", 9.545, "*"]],
    );
  });
});

const estimated = (post_prob: number, mark: Estimated["star"]): Estimated => ({
  ...{ estimate: 1, est_error: 0.5, ci_lower: 0, ci_upper: 2, evidence_ratio: 1, draws: 4000 },
  post_prob,
  star: mark,
});

describe("multiplicityOf", () => {
  it("counts marks, those of chance, and signs that may be wrong", () => {
    const rows = [estimated(0.995, "*"), estimated(1, "*"), estimated(0.95, "†"), estimated(0.4, "")].map(
      (ours) => ({ ours }),
    );
    const found = multiplicityOf(rows);
    expect(found).toMatchObject({
      hypotheses: 4,
      starred: 2,
      daggered: 1,
      starred_by_chance: 4 / 101,
      marked_by_chance: 4 / 11,
    });
    expect(found.expected_sign_errors).toBeCloseTo(0.005, 12);
  });

  it("marks by chance as often as it says", () => {
    // An estimate z of a coefficient 0 with standard error 1 and a flat prior: the posterior is N(z, 1), P(b > 0) = Phi(z), uniform.
    const random = randomStream(11, "chance");
    const size = 50_000;
    const marks = Array.from({ length: size }, () => {
      const p = random.uniform();
      return { ours: estimated(p, star(p / (1 - p))) };
    });
    const { starred, daggered, starred_by_chance, marked_by_chance } = multiplicityOf(marks);
    expect(Math.abs(starred - starred_by_chance)).toBeLessThan(4 * Math.sqrt(starred_by_chance));
    expect(Math.abs(starred + daggered - marked_by_chance)).toBeLessThan(4 * Math.sqrt(marked_by_chance));
  });
});

describe("sensitivityRows", () => {
  const of = (estimate: number): ReadonlyMap<string, Estimated> =>
    new Map([["b_TOXICITY", { ...estimated(0.9, ""), estimate }]]);

  it("puts a varied estimate beside its base, with the attenuation of noise", () => {
    const noise = fitOf("1b-all-noise-0_05-2");
    const rows = sensitivityRows(noise, of(-0.5), of(-0.625));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      fit: "1b-all-noise-0_05-2",
      analysis: "noise",
      term: "TOXICITY",
      variable: "b_TOXICITY",
      base: { estimate: -0.625, est_error: 0.5 },
      attenuation: 0.8,
    });
    expect(rows[0]!.ours).not.toHaveProperty("draws");
    expect(sensitivityRows(fitOf("1b-all-without-gpt-4"), of(1), of(2))[0]).toMatchObject({
      attenuation: null,
      variation: { kind: "leave-one-out", value: "gpt-4", base: "1b-all" },
    });
    expect(sensitivityRows(noise, of(1), new Map())).toEqual([]);
  });

  it("needs something that is varied", () => {
    expect(() => sensitivityRows(fitOf("1b-all"), of(1), of(1))).toThrow(
      /nothing is varied in the fit '1b-all'/,
    );
  });
});
