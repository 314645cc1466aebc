import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  buildModel,
  checkHypotheses,
  fitFrame,
  type PublishedRow,
  parsePublished,
  planFits,
  textLevels,
  variableNames,
} from "../../src/index.ts";
import { shippedPlan, smallRatings } from "./ratings.ts";

const FIXTURE = JSON.parse(
  readFileSync(new URL("../../../../fixtures/paper/paper-tables.json", import.meta.url), "utf8"),
) as Record<"table2" | "table3" | "table4", PublishedRow[]> & {
  elpd_difference_model_effect: [number, number];
};

const { plan } = shippedPlan("paper.yaml");
const published = parsePublished(
  readFileSync(new URL("../../plans/paper.published.json", import.meta.url), "utf8"),
  "paper.published.json",
  plan,
);
const fits = planFits(plan);

describe("the paper's published rows", () => {
  it("are those of its tables, verbatim and in order", () => {
    expect(published.rows).toEqual([...FIXTURE.table2, ...FIXTURE.table3, ...FIXTURE.table4]);
    expect([FIXTURE.table2.length, FIXTURE.table3.length, FIXTURE.table4.length]).toEqual([57, 28, 49]);
    const [elpd_diff, se_diff] = FIXTURE.elpd_difference_model_effect;
    expect(published.differenceOf("model-effect")).toEqual({ elpd_diff, se_diff });
    expect(published.differenceOf("other")).toBeNull();
  });

  it("belong each to one hypothesis of the plan", () => {
    const tied = fits.flatMap((fit) =>
      fit.hypotheses.map((hypothesis) => ({ fit, hypothesis, row: published.rowOf(fit, hypothesis) })),
    );
    const found = tied.filter(({ row }) => row !== null);
    expect(found).toHaveLength(134);
    expect(new Set(found.map(({ row }) => row))).toEqual(new Set(published.rows));
    for (const { fit, hypothesis, row } of found) {
      expect(row!.analysis).toBe(fit.analysis);
      expect(row!.direction).toBe(hypothesis.direction);
      expect(fit.role).toBe("paper");
      // The variable is the published term, but for TRUE of R's logical columns and the one name that is printed otherwise.
      const name = row!.term
        .replace("TRUE:", ":")
        .replace("TOXICITY x TOXICIT_HUMAN", "TOXICITY:TOXICITY_human");
      expect(hypothesis.variable).toBe(`b_${name}`);
    }
    const counts = new Map<string, number>();
    for (const { fit } of found) counts.set(fit.analysis, (counts.get(fit.analysis) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ "1a": 28, "1b": 28, interaction: 1, 2: 28, 3: 49 });
  });
});

describe("the paper's plan", () => {
  it("has every fit with the paper's settings", () => {
    expect(fits.map(({ id }) => id)).toEqual([
      ...["1a", "1b"].flatMap((analysis) =>
        ["all", "unguided", "value-guided", "controversy-guided"].map((subset) => `${analysis}-${subset}`),
      ),
      "interaction",
      "2",
      ...[
        "REASONING_NUANCE",
        "RESPECT",
        "CURIOSITY",
        "COMPASSION",
        "PERSONAL_STORY",
        "AFFINITY",
        "TOXICITY",
      ].map((dv) => `3-${dv}`),
      ...["1a", "1b"].flatMap((analysis) =>
        ["apart", "reasoning-detrended", "nuance-detrended"].map((what) => `${analysis}-${what}`),
      ),
      "1b-no-model",
      ...["1a", "1b"].flatMap((analysis) =>
        ["value-guided", "controversy-guided"].map((subset) => `${analysis}-users-${subset}`),
      ),
      "1a-ties",
    ]);
    for (const fit of fits) {
      expect([fit.chains, fit.warmup, fit.priors]).toEqual([4, 1000, ["b ~ normal(0, 1e6)"]]);
      expect(fit.draws).toBe(["2", "3"].includes(fit.analysis) ? 3000 : 1000);
      expect(fit.family).toBe(/^1a/.test(fit.id) ? "bernoulli" : "gaussian");
    }
    expect(fits.filter(({ loo }) => loo).map(({ id }) => id)).toEqual(["1b-all", "1b-no-model"]);
    expect(fits.filter(({ role }) => role === "extra").map(({ id }) => id)).toEqual(["1a-ties"]);
  });

  it("has fits whose models can be built and have the variables of their hypotheses", () => {
    const frame = smallRatings();
    const all = planFits(plan, { levels: textLevels(frame), sensitivity: true });
    // 2 fits by 3 priors, 6 models, 3 x 3 kinds of noise
    expect(all).toHaveLength(fits.length + 2 * (3 + 6 + 9));
    for (const fit of all) {
      const { formula, family, priors } = fit;
      const { model } = buildModel({ formula, family, priors, frame: fitFrame(frame, plan, fit) });
      expect(() => checkHypotheses(plan, fit, variableNames(model, 0))).not.toThrow();
      const without = fit.variation?.kind === "leave-one-out";
      expect(model.rows).toBe(fit.subset !== "all" ? 90 : fit.id === "2" ? 269 : without ? 225 : 270);
    }
  });

  it("moderates every attribute by four groups in one model", () => {
    const fit = fits.find(({ id }) => id === "2")!;
    const { formula, family } = fit;
    const { model } = buildModel({ formula, family, frame: fitFrame(smallRatings(), plan, fit) });
    expect(model.predictors.filter((name) => name.includes(":"))).toHaveLength(28);
    expect(model.predictors).toHaveLength(4 + 7 + 28);
  });

  it("counts every response with the highest score where ties are kept", () => {
    const frame = smallRatings();
    const fit = fits.find(({ id }) => id === "1a-ties")!;
    const { columns } = fitFrame(frame, plan, fit);
    const score = columns.get("score")!;
    const top = columns.get("top")!;
    if (score.type !== "numeric" || top.type !== "numeric") throw new Error("both are numeric");
    const best = Array.from(score.values, (_, row) => {
      const first = 3 * Math.floor(row / 3);
      return score.values[row] === Math.max(...score.values.slice(first, first + 3)) ? 1 : 0;
    });
    expect(Array.from(top.values)).toEqual(best);
    expect(fit.variation).toMatchObject({ kind: "ties", base: "1a-all" });
  });
});
