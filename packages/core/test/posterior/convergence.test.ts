import { describe, expect, test } from "vitest";
import {
  type Draws,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essTail,
  mad,
  mcseMean,
  mcseMedian,
  mcseQuantile,
  mcseSd,
  mean,
  median,
  quantile,
  rhat,
  rhatBasic,
  standardDeviation,
  summarize,
} from "../../src/posterior/index.ts";
import { expectRelative } from "./closeness.ts";
import { readLongDraws, readOddDraws, readOddReference, readReference } from "./fixture.ts";

/** Agreement asked of every diagnostic: fixtures are printed with 15 digits. */
const TOLERANCE = 1e-12;

const draws = readLongDraws();
const summary = summarize(draws);

function variable({ variables, chains, draws: n, values }: Draws, name: string): Float64Array {
  const v = variables.indexOf(name);
  return values.subarray(v * chains * n, (v + 1) * chains * n);
}

type Diagnostic = (x: Float64Array, chains: number) => number;
const diagnostics: Readonly<Record<string, Diagnostic>> = {
  mean: (x) => mean(x),
  sd: standardDeviation,
  median,
  mad,
  q5: (x) => quantile(x, 0.05),
  q95: (x) => quantile(x, 0.95),
  rhat,
  rhat_basic: rhatBasic,
  ess_bulk: essBulk,
  ess_tail: essTail,
  ess_mean: essMean,
  ess_q5: (x, chains) => essQuantile(x, chains, 0.05),
  ess_median: essMedian,
  // posterior 1.4.0, which computed the fixtures, took the distance where later versions take its square.
  ess_sd: (x, chains) => {
    const centre = mean(x);
    return essMean(
      x.map((value) => Math.abs(value - centre)),
      chains,
    );
  },
  mcse_mean: mcseMean,
  mcse_sd: mcseSd,
  mcse_q5: (x, chains) => mcseQuantile(x, chains, 0.05),
  mcse_median: mcseMedian,
  mcse_q95: (x, chains) => mcseQuantile(x, chains, 0.95),
};

describe("against R's posterior 1.4.0", () => {
  const references = readReference();

  test("the fixtures hold 12 variables and every column is looked at", () => {
    expect(references.map(({ variable: name }) => name)).toEqual(draws.variables);
    expect(Object.keys(references[0]!).sort()).toEqual(["variable", ...Object.keys(diagnostics)].sort());
    expect([draws.variables.length, draws.chains, draws.draws]).toEqual([12, 4, 250]);
  });

  test.each(references.map((reference) => [reference.variable as string, reference] as const))(
    "%s",
    (name, reference) => {
      const x = variable(draws, name);
      for (const [column, diagnostic] of Object.entries(diagnostics)) {
        const expected = reference[column]!;
        const actual = diagnostic(x, draws.chains);
        if (typeof expected === "number") expectRelative(actual, expected, TOLERANCE, `${name} ${column}`);
        else if (expected === "Inf") expect(actual).toBe(Infinity);
        else expect(actual, `${name} ${column}`).toBeNaN();
      }
      for (const [column, actual] of Object.entries(summary[name]!)) {
        const expected = reference[column]!;
        if (typeof expected === "number")
          expectRelative(actual, expected, TOLERANCE, `${name} ${column} (summary)`);
        else expect(actual, `${name} ${column}`).toBeNull();
      }
    },
  );

  test("an odd number of draws", () => {
    const odd = readOddDraws();
    expect([odd.chains, odd.draws]).toEqual([4, 101]);
    const reference = readOddReference();
    const x = odd.values;
    expect(Object.keys(reference).sort()).toEqual(["ess_bulk", "ess_tail", "mcse_mean", "rhat"]);
    for (const [column, expected] of Object.entries(reference)) {
      expectRelative(diagnostics[column]!(x, 4), expected as number, TOLERANCE, column);
      const summarized = summarize(odd).odd![column as "rhat"];
      expectRelative(summarized, expected as number, TOLERANCE, `${column} (summary)`);
    }
  });
});
