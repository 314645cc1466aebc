import { describe, expect, test } from "vitest";
import {
  ebfmi,
  effectiveSampleSize,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essSd,
  essTail,
  mcseMean,
  mcseMedian,
  mcseQuantile,
  mcseSd,
  potentialScaleReduction,
  quantile,
  rhat,
  rhatBasic,
  rhatNested,
} from "../../src/posterior/index.ts";
import { expectRelative } from "./closeness.ts";
import { drawsOf, printed, readMore } from "./more-fixture.ts";

const reference = readMore();
const { probs } = reference;
const draws = drawsOf(reference);
const TOLERANCE = 1e-10;

type Diagnostic = (x: Float64Array, chains: number) => number | readonly number[];
const alternate = (chains: number): number[] => Array.from({ length: chains }, (_, c) => c % 2);
const diagnostics: Readonly<Record<string, Diagnostic>> = {
  rhat,
  rhat_basic: rhatBasic,
  rhat_basic_unsplit: potentialScaleReduction,
  ess_basic: essMean,
  ess_basic_unsplit: effectiveSampleSize,
  ess_bulk: essBulk,
  ess_tail: essTail,
  ess_mean: essMean,
  ess_median: essMedian,
  ess_sd: essSd,
  ess_quantile: (x, chains) => probs.map((p) => essQuantile(x, chains, p)),
  mcse_mean: mcseMean,
  mcse_median: mcseMedian,
  mcse_sd: mcseSd,
  mcse_quantile: (x, chains) => probs.map((p) => mcseQuantile(x, chains, p)),
  quantile: (x) => probs.map((p) => quantile(x, p)),
  nested_alternate: (x, chains) => (chains % 2 === 0 ? rhatNested(x, alternate(chains)) : Number.NaN),
  nested_single: (x, chains) =>
    rhatNested(
      x,
      Array.from({ length: chains }, (_, c) => c),
    ),
};

describe("against R's posterior 1.4.0, with the later ESS of the sd and nested R-hat", () => {
  test("the sets and the columns", () => {
    expect(draws.size).toBe(23);
    expect(Object.keys(reference.draws["iid"]!).sort()).toEqual(
      ["chains", ...Object.keys(diagnostics)].sort(),
    );
  });

  test.each([...draws.keys()])("%s", (name) => {
    const { x, chains } = draws.get(name)!;
    for (const [column, diagnostic] of Object.entries(diagnostics)) {
      const expected = [reference.draws[name]![column]!].flat().map((value) => printed(value as number));
      const actual = [diagnostic(x, chains)].flat();
      expect(actual.length).toBe(expected.length);
      expected.forEach((value, i) => {
        const what = `${name} ${column} ${expected.length > 1 ? probs[i] : ""}`;
        if (Number.isFinite(value)) expectRelative(actual[i], value, TOLERANCE, what);
        else expect(actual[i], what).toBe(value);
      });
    }
  });

  test.each(Object.entries(reference.energies))("E-BFMI: %s", (_, { energy, ebfmi: expected }) => {
    if (typeof expected === "number") expectRelative(ebfmi(energy), expected, TOLERANCE);
    else expect(ebfmi(energy)).toBeNaN();
  });
});

describe("nested R-hat", () => {
  const x = Float64Array.of(1, 2, 4, 3, 9, 7, 8, 8);

  test("superchains by name, in any order of the chains", () => {
    const swapped = Float64Array.of(1, 2, 9, 7, 4, 3, 8, 8);
    expect(rhatNested(x, ["a", "a", "b", "b"])).toBeCloseTo(rhatNested(swapped, ["a", "b", "a", "b"]), 14);
    // by hand: superchain means 2.5 and 8, B = 2 and 0, W = 0.5 and 1
    expect(rhatNested(x, [1, 1, 2, 2])).toBeCloseTo(Math.sqrt(1 + 15.125 / ((2 + 0.5 + 1) / 2)), 14);
  });

  test("chains of one draw", () => {
    expect(rhatNested(Float64Array.of(1, 3, 5, 8), [1, 1, 2, 2])).toBeCloseTo(
      Math.sqrt(1 + 10.125 / ((2 + 4.5) / 2)),
      14,
    );
  });

  test("refuses superchains that do not fit", () => {
    expect(() => rhatNested(x, [1, 1, 1, 2])).toThrow(
      "superchains must have equally many chains: they have 3, 1",
    );
    expect(() => rhatNested(x, [1, 2, 3])).toThrow("8 draws are not of 3 chains");
    expect(rhatNested(x, [1, 1, 1, 1])).toBeNaN();
  });
});
