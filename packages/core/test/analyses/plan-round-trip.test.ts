import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { fitColumns, frameFromArrays, parsePlan, planFits, selectWhere } from "../../src/index.ts";
import { randomStream } from "../../src/simulate/random.ts";

const random = randomStream(19, "plans");
const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
const times = <T>(least: number, most: number, make: (k: number) => T): T[] =>
  Array.from({ length: least + random.below(most - least + 1) }, (_, k) => make(k));

/** Texts that YAML could take for something else. */
const TEXTS = [
  "yes",
  "null",
  "1e3",
  "a: b",
  "# no comment",
  "{dv}",
  "- x",
  "ß 日本",
  "it's",
  'say "so"',
  "~",
  "*a",
  "&b",
  "!c",
  "%d",
  "@e",
];

interface PlanData {
  readonly title: string;
  readonly subsets: Record<string, string[]>;
  readonly terms: string[];
  readonly analyses: Record<string, unknown>[];
}

/** A right plan at random. */
function randomPlan(): PlanData {
  const terms = times(1, 4, (k) => `x${k}`);
  const subsets = Object.fromEntries(
    times(1, 3, (k) => [
      `${pick(TEXTS)} ${k}`,
      times(0, 2, () => `g != ${JSON.stringify(pick(["a", "b", "c d"]))}`),
    ]),
  );
  const analyses = times(1, 4, (k) => ({
    id: `a${k}`,
    title: pick(TEXTS),
    role: pick(["paper", "extra"]),
    formula: `y ~ {terms}${pick(["", " + (1 | g)"])}`,
    family: pick(["gaussian", "bernoulli", "cumulative"]),
    ...(random.below(2) === 0 && { subsets: Object.keys(subsets) }),
    draws: 1 + random.below(5000),
    seed: random.below(2 ** 31),
    loo: pick([true, false]),
    hypotheses: terms.map((term) =>
      random.below(2) === 0 ? `${term} > 0` : { [`${pick(TEXTS)} ${term}`]: `b_${term} < 0` },
    ),
  }));
  return { title: pick(TEXTS), subsets, terms, analyses };
}

describe("a plan that is written and read again", () => {
  it("says the same, in YAML of both styles and in JSON", () => {
    for (let k = 0; k < 100; k++) {
      const { title, subsets, terms, analyses } = randomPlan();
      const document = { format: "bridgewise-plan/1", title, subsets, sets: { terms }, analyses };
      const written = [
        stringify(document),
        stringify(document, { collectionStyle: "flow" }),
        JSON.stringify(document, null, 1),
      ];
      for (const text of written) {
        const plan = parsePlan(text, "plan.yaml");
        expect(plan.title).toBe(title);
        expect(plan.subsets).toEqual(Object.entries(subsets).map(([name, where]) => ({ name, where })));
        expect(plan.analyses.map((analysis) => analysis.title)).toEqual(
          analyses.map((analysis) => analysis.title),
        );
        for (const [i, analysis] of analyses.entries()) {
          const { fits } = plan.analyses[i]!;
          const names = (analysis.subsets as string[] | undefined) ?? ["all"];
          expect(fits.map(({ subset }) => subset)).toEqual(names);
          for (const fit of fits) {
            expect(fit).toMatchObject({
              family: analysis.family,
              draws: analysis.draws,
              seed: analysis.seed,
              loo: analysis.loo,
              formula: (analysis.formula as string).replace("{terms}", terms.join(" + ")),
              where: subsets[fit.subset] ?? [],
            });
            expect(fit.id).toMatch(/^[A-Za-z0-9_-]+$/);
            expect(
              fit.hypotheses.map(({ term, direction, variable }) => [term, direction, variable]),
            ).toEqual(
              (analysis.hypotheses as (string | Record<string, string>)[]).map((hypothesis, h) =>
                typeof hypothesis === "string"
                  ? [terms[h], ">", `b_${terms[h]}`]
                  : [Object.keys(hypothesis)[0], "<", `b_${terms[h]}`],
              ),
            );
          }
        }
        const ids = planFits(plan).map(({ id }) => id.toLowerCase());
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });
});

describe("a level that is left out", () => {
  const HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "it's",
    "a/../b",
    "`b`",
    "{c}",
    "日本",
    "",
    "x".repeat(300),
    "== 1",
  ];

  it("is named by its condition, whatever it is called", () => {
    const plan = parsePlan(
      "format: bridgewise-plan/1\ntitle: t\nanalyses:\n  - {id: a, title: t, formula: y ~ x, family: gaussian}\n" +
        "sensitivity:\n  - {id: s, title: t, of: [a], leave-one-out: model name}\n",
      "plan.yaml",
    );
    const frame = frameFromArrays({ "model name": HOSTILE, x: HOSTILE.map((_, k) => k) });
    const fits = planFits(plan, { sensitivity: true, levels: { "model name": HOSTILE } }).slice(1);
    expect(fits.map(({ variation }) => variation?.value)).toEqual(HOSTILE);
    for (const [k, fit] of fits.entries()) {
      expect(fit.id).toMatch(/^a-without-[A-Za-z0-9_-]{1,90}$/);
      expect(Array.from(selectWhere(frame, fit.where))).toEqual(
        HOSTILE.map((_, row) => row).filter((row) => row !== k),
      );
      expect(fitColumns(plan, fit).data).toContain("model name");
    }
    expect(new Set(fits.map(({ id }) => id)).size).toBe(HOSTILE.length);
    const both = (): unknown => planFits(plan, { sensitivity: true, levels: { "model name": [`'"`] } });
    expect(both).toThrow(/^plan.yaml, line 6: the level '" holds both kinds of quotes/);
  });
});
