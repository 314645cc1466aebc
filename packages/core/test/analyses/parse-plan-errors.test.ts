import { describe, expect, it } from "vitest";
import { InputError, parsePlan } from "../../src/index.ts";

/** A right plan; each case breaks one line of it. */
const RIGHT = `format: bridgewise-plan/1
title: Ratings
defaults:
  draws: 500
  priors:
    - b ~ normal(0, 1)
derive:
  high: score > 50
subsets:
  all: []
  tea:
    - drink == "tea"
sets:
  traits: [warm, sweet]
analyses:
  - id: taste
    title: What tastes
    formula: score ~ {traits} + (1 | rater)
    family: gaussian
    subsets: [all, tea]
    loo: true
    hypotheses:
      - warm > 0
      - SWEET: sweet < 0
  - id: each
    title: Each trait
    formula: "{dv} ~ score"
    family: gaussian
    each:
      dv: [warm, sweet]
    hypotheses:
      warm:
        - score > 0
      sweet:
        - score < 0
comparisons:
  - id: tea
    title: All and tea
    fits: [taste-all, taste-tea]
sensitivity:
  - id: priors
    title: Other priors
    of: [taste-all]
    priors:
      - - b ~ normal(0, 2)
`;

/** What parsePlan says of the plan with `line` in place of the line that begins with `start` (or of the text itself). */
function fault(start: string, line: string): InputError {
  const lines = RIGHT.split("\n");
  const at = lines.findIndex((each) => each.startsWith(start));
  if (at < 0) throw new Error(`no line begins with '${start}'`);
  const text = lines.toSpliced(at, 1, ...line.split("\n")).join("\n");
  return faultOf(text);
}

function faultOf(text: string): InputError {
  try {
    parsePlan(text, "plan.yaml");
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("the plan was taken");
}

const CASES: readonly (readonly [
  what: string,
  start: string,
  line: string,
  place: readonly [number, number],
  says: RegExp,
])[] = [
  [
    "a wrong key",
    "title",
    "titel: Ratings",
    [2, 1],
    /no key 'titel' in the plan; did you mean 'title'\? the keys are format/,
  ],
  [
    "another format",
    "format",
    "format: bridgewise-plan/2",
    [1, 9],
    /'bridgewise-plan\/2', expected bridgewise-plan\/1/,
  ],
  ["an empty title", "title", "title:", [2, 7], /'title' of the plan is empty, expected text/],
  ["a list for a text", "title", "title: [a]", [2, 8], /'title' of the plan is a list, expected text/],
  [
    "a text for a number",
    "  draws",
    "  draws: many",
    [4, 10],
    /'draws' of 'defaults' of the plan is the text 'many', expected a number/,
  ],
  ["half a draw", "  draws", "  draws: 1.5", [4, 10], /is 1.5, expected a whole number of at least 1/],
  ["a bad prior", "    - b ~", "    - b ~ normal(0, -1)", [6, 7], /above 0, found -1/],
  ["a bad derived column", "  high", "  high: score > (50", [8, 20], /expected '\)'/],
  [
    "an unknown function",
    "  high",
    "  high: detrnd(score, warm)",
    [8, 9],
    /no function detrnd\(\); did you mean detrend\(\)\?/,
  ],
  [
    "too few arguments",
    "  high",
    "  high: 1 + detrend(score)",
    [8, 13],
    /detrend\(x, y\) takes 2 arguments, found 1/,
  ],
  [
    "a subset that is no list",
    "  tea:",
    "  tea: drink",
    [11, 8],
    /'tea' of 'subsets' of the plan is the text 'drink - drink == "tea"', expected a list/,
  ],
  ["a bad condition", "    - drink", '    - drink == "tea', [12, 16], /" is never closed/],
  ["a missing key", "    family: gaussian", "    draws: 10", [16, 5], /analysis 'taste' has no 'family'/],
  [
    "an unknown key of an analysis",
    "    loo",
    "    lo: true",
    [21, 5],
    /no key 'lo' in analysis 'taste'; did you mean 'loo'\?/,
  ],
  [
    "an unknown family",
    "    family: gaussian",
    "    family: gausian",
    [19, 13],
    /'gausian'; did you mean 'gaussian'\?/,
  ],
  [
    "an unknown set",
    "    formula: score",
    "    formula: score ~ {trait}",
    [18, 14],
    /no set 'trait'; did you mean 'traits'\?/,
  ],
  [
    "a bad formula",
    "    formula: score",
    "    formula: score ~ warm +",
    [18, 28],
    /expected a term after '\+'/,
  ],
  [
    "a bad formula with a set",
    "    formula: score",
    "    formula: score ~ {traits} + (1 | )",
    [18, 14],
    /'formula' of analysis 'taste': expected a term/,
  ],
  [
    "a map for a formula",
    '    formula: "{dv}',
    "    formula: {dv} ~ score",
    [27, 19],
    /a text that begins with \{ or \[.* stands between quotes/,
  ],
  [
    "an unknown subset",
    "    subsets",
    "    subsets: [all, te]",
    [20, 20],
    /no subset 'te'; did you mean 'tea'\?/,
  ],
  [
    "a loo of nothing",
    "    loo",
    "    loo: [te]",
    [21, 11],
    /no subset or response 'te'; did you mean 'tea'\?/,
  ],
  ["a loo that is no flag", "    loo", "    loo: yes", [21, 10], /is the text 'yes', expected true or false/],
  [
    "an unknown coefficient",
    "      - warm",
    "      - warn > 0",
    [23, 9],
    /no coefficient 'warn' in 'score ~ warm \+ sweet \+ \(1 \| rater\)'; did you mean 'warm'\?/,
  ],
  [
    "two signs",
    "      - warm",
    "      - warm > 1",
    [23, 9],
    /'warm > 1' is no hypothesis of a plan; write a coefficient and its sign/,
  ],
  ["a hypothesis twice", "      - SWEET", "      - warm < 0", [24, 9], /two hypotheses of 'warm'/],
  [
    "a response without hypotheses",
    "      sweet:",
    "      warmth:",
    [34, 7],
    /no subset or response 'warmth'; did you mean 'warm'\?/,
  ],
  [
    "an unknown response key",
    "      dv:",
    "      vd: [warm, sweet]",
    [30, 7],
    /no key 'vd' in 'each' of analysis 'each'; did you mean 'dv'\?/,
  ],
  [
    "an id twice",
    "  - id: each",
    "  - id: Taste",
    [25, 9],
    /the analysis 'Taste' is there already, as the analysis 'taste'/,
  ],
  [
    "an id that is no folder",
    "  - id: each",
    "  - id: each/one",
    [25, 9],
    /'each\/one' has other characters/,
  ],
  [
    "an unknown fit",
    "    fits",
    "    fits: [taste-all, taste-te]",
    [39, 23],
    /no fit 'taste-te'; did you mean 'taste-tea'\?/,
  ],
  ["one fit to compare", "    fits", "    fits: [taste-all]", [39, 11], /has 1 fits; it compares two/],
  [
    "a fit without loo",
    "    fits",
    "    fits: [taste-all, each-warm]",
    [39, 23],
    /the fit 'each-warm' has no loo/,
  ],
  [
    "an unknown base",
    "    of",
    "    of: [taste]",
    [43, 10],
    /'taste' is an analysis; its fits are taste-all, taste-tea$/,
  ],
  ["two documents", "sensitivity", "---\nsensitivity:", [40, 1], /a second document begins here/],
  ["a key twice", "title", "title: a\ntitle: b", [3, 1], /this key is there already/],
  ["a tab", "  draws", "\tdraws: 5", [4, 1], /[Tt]ab/],
];

describe("parsePlan refuses", () => {
  it("nothing of a right plan", () => {
    expect(parsePlan(RIGHT, "plan.yaml").analyses.flatMap(({ fits }) => fits.map(({ id }) => id))).toEqual([
      "taste-all",
      "taste-tea",
      "each-warm",
      "each-sweet",
    ]);
  });

  it.each(CASES)("%s", (_, start, line, [row, column], says) => {
    const { message, place, pointer } = fault(start, line);
    expect(message).toMatch(says);
    expect(message).toContain(`plan.yaml, line ${row}, position ${column}: `);
    expect(place).toEqual({ file: "plan.yaml", line: row, column });
    expect(message).not.toContain("\n");
    expect(pointer).toMatch(/^[^\n]+\n *\^$/);
  });

  it("a sensitivity entry that varies nothing, or two things", () => {
    const without = faultOf(RIGHT.replace(/ {4}priors:\n {6}- - .*\n/, ""));
    expect(without.message).toMatch(
      /line 41, position 5: .* has none of priors, leave-one-out, noise; give one/,
    );
    const both = faultOf(`${RIGHT}    leave-one-out: rater\n`);
    expect(both.message).toMatch(/line 41, position 5: .* has priors and leave-one-out of priors/);
  });

  it("a response whose hypotheses are left out", () => {
    const { message } = faultOf(RIGHT.replace("      sweet:\n        - score < 0\n", ""));
    expect(message).toMatch(/line 32, position 7: 'hypotheses' of analysis 'each' has none for 'sweet'/);
  });

  it("an empty file", () => {
    expect(faultOf("").message).toMatch(/^plan.yaml, line 1, position 1: the plan is empty, expected a map/);
  });

  it("a long line with its piece around the place", () => {
    const { pointer } = fault("title", `title: ${"x".repeat(200)}\n# next\nti: 1`);
    expect(pointer).toBe("ti: 1\n^");
  });
});
