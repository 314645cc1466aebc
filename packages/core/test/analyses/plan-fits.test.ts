import { describe, expect, it } from "vitest";
import { fitColumns, InputError, type Plan, parsePlan, planFits } from "../../src/index.ts";

const HEAD = "format: bridgewise-plan/1\ntitle: Ratings\n";

const plan = (text: string): Plan => parsePlan(HEAD + text, "plan.yaml");

/** One analysis with this formula, and sets to fill in. */
const formulaOf = (formula: string): string =>
  plan(`sets:
  xs: [a, b]
  one: [c]
  groups: (1 | g)
analyses:
  - {id: it, title: It, family: gaussian, formula: ${JSON.stringify(formula)}}
`).analyses[0]!.fits[0]!.formula;

describe("sets in formulas", () => {
  it.each([
    ["y ~ {xs}", "y ~ a + b"],
    ["y ~ {xs} + {groups}", "y ~ a + b + (1 | g)"],
    ["y ~ z * {xs}", "y ~ z * (a + b)"],
    ["y ~ {xs}:z", "y ~ (a + b):z"],
    ["y ~ ({xs}) * z", "y ~ (a + b) * z"],
    ["y ~ z - {xs}", "y ~ z - (a + b)"],
    ["y ~ z*{one}", "y ~ z*c"],
    ["y ~ 1 + ({xs} | g)", "y ~ 1 + (a + b | g)"],
    ["y ~ { xs }", "y ~ a + b"],
  ])("%s is %s", (template, formula) => {
    expect(formulaOf(template)).toBe(formula);
  });
});

const RATINGS = `defaults: {draws: 500, checks: false}
subsets:
  all: []
  hot tea:
    - drink == "tea"
    - warm > 50
sets:
  traits: [sweet, bitter]
analyses:
  - id: taste
    title: Taste
    role: paper
    formula: score ~ {traits} + drink + sweet:bitter
    family: gaussian
    subsets: [all, hot tea]
    draws: 700
    checks: [hot tea]
    hypotheses:
      all:
        - "{traits} > 0"
        - drinktea < 0
        - b_Intercept > 0
      hot tea:
        - Sweet x Bitter: sweet:bitter < 0
  - id: "2"
    title: By response
    formula: "{dv} ~ log(score)"
    family: student
    subsets: [hot tea]
    each: {dv: [sweet, bitter]}
    seed: 9
    vif: [bitter]
    hypotheses:
      - logscore > 0
  - id: again
    title: Only on request
    role: sensitivity
    formula: score ~ sweet
    family: gaussian
    vary: {kind: other, label: sweet alone, base: taste-all}
sensitivity:
  - id: without
    title: Without a drink
    of: [taste-all, taste-hot-tea]
    leave-one-out: drink
  - id: noise
    title: Noise
    of: [taste-all]
    noise:
      columns: ["{traits}"]
      sd: [0.05]
      seeds: [3, 4]
      derive:
        both: sweet * bitter
`;

describe("planFits", () => {
  const ratings = plan(RATINGS);
  const fits = planFits(ratings);

  it("makes a fit of each subset and response, with the settings of defaults and analysis", () => {
    expect(fits.map(({ id, label, subset, dv }) => [id, label, subset, dv])).toEqual([
      ["taste-all", "all", "all", null],
      ["taste-hot-tea", "hot tea", "hot tea", null],
      ["2-hot-tea-sweet", "hot tea, sweet", "hot tea", "sweet"],
      ["2-hot-tea-bitter", "hot tea, bitter", "hot tea", "bitter"],
    ]);
    expect(fits.map(({ draws, seed, checks, vif }) => [draws, seed, checks, vif])).toEqual([
      [700, 1, false, false],
      [700, 1, true, false],
      [500, 9, false, false],
      [500, 9, false, true],
    ]);
    expect(fits.map(({ role }) => role)).toEqual(["paper", "paper", "extra", "extra"]);
    expect(fits[1]!.where).toEqual(['drink == "tea"', "warm > 50"]);
    expect(fits[3]).toMatchObject({
      formula: "bitter ~ log(score)",
      family: "student_t",
      line: fits[2]!.line,
    });
  });

  it("makes the hypotheses of a subset, of each term of a set, and with the published spelling", () => {
    const texts = fits.map(({ hypotheses }) =>
      hypotheses.map(({ term, hypothesis }) => `${term}: ${hypothesis}`),
    );
    expect(texts[0]).toEqual([
      "sweet: b_sweet > 0",
      "bitter: b_bitter > 0",
      "drinktea: b_drinktea < 0",
      "Intercept: b_Intercept > 0",
    ]);
    expect(texts[1]).toEqual(["Sweet x Bitter: b_sweet:bitter < 0"]);
    expect(fits[1]!.hypotheses[0]).toEqual({
      term: "Sweet x Bitter",
      direction: "<",
      hypothesis: "b_sweet:bitter < 0",
      variable: "b_sweet:bitter",
      line: 26,
    });
    expect(texts[2]).toEqual(["logscore: b_logscore > 0"]);
  });

  it("leaves out levels one by one, each in a folder of its own, and adds noise", () => {
    const all = planFits(ratings, {
      sensitivity: true,
      levels: { drink: ["a b", "a/b", "A-B", 'say "tea"'] },
    });
    const more = all.slice(fits.length);
    expect(more.map(({ id }) => id)).toEqual([
      "again",
      "taste-all-without-a-b",
      "taste-all-without-a-b-2",
      "taste-all-without-A-B-3",
      "taste-all-without-say-tea",
      "taste-hot-tea-without-a-b",
      "taste-hot-tea-without-a-b-2",
      "taste-hot-tea-without-A-B-3",
      "taste-hot-tea-without-say-tea",
      "taste-all-noise-0_05-3",
      "taste-all-noise-0_05-4",
    ]);
    for (const fit of more)
      expect([fit.role, fit.variation?.base]).toEqual(["sensitivity", expect.stringMatching(/^taste/)]);
    expect(more[8]!.where).toEqual(['drink == "tea"', "warm > 50", `drink != 'say "tea"'`]);
    expect(more[2]!.variation).toEqual({
      kind: "leave-one-out",
      label: "without a/b",
      base: "taste-all",
      value: "a/b",
    });
    expect(more.at(-1)!.derive.map(({ name, expression }) => [name, expression])).toEqual([
      ["sweet", "noise(sweet, 0.05, 4)"],
      ["bitter", "noise(bitter, 0.05, 4)"],
      ["both", "sweet * bitter"],
    ]);
    expect(more.at(-1)!.variation).toEqual({
      kind: "noise",
      label: "noise of sd 0.05, seed 4",
      base: "taste-all",
      value: 0.05,
    });
    expect(more.at(-1)!.hypotheses).toEqual(fits[0]!.hypotheses);
  });

  it("says which columns have levels where the one to leave out has none", () => {
    const run = (): unknown => planFits(ratings, { sensitivity: true, levels: { cup: ["a"] } });
    expect(run).toThrow(InputError);
    expect(run).toThrow(
      /^plan.yaml, line 44: 'without' leaves out the levels of 'drink', which is no text column of the data; those are cup$/,
    );
  });
});

describe("fitColumns", () => {
  it("follows derived columns to those of the data, and leaves the others out", () => {
    const ratings = plan(`derive:
  a: x + y
  unused: z
  x: a * w
  b: noise(x, 1, 1) > group_max(v, g)
analyses:
  - {id: it, title: It, family: gaussian, formula: b ~ u + (1 | h)}
`);
    const { data, derived } = fitColumns(ratings, ratings.analyses[0]!.fits[0]!);
    expect(derived.map(({ name }) => name)).toEqual(["a", "x", "b"]);
    expect([...data].sort()).toEqual(["g", "h", "u", "v", "w", "x", "y"]);
  });
});
