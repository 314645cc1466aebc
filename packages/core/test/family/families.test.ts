import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  categoryProbabilities,
  FAMILIES,
  type Family,
  familyOf,
  type RandomNumbers,
} from "../../src/family/index.ts";
import { normalQuantile } from "../../src/posterior/normal.ts";
import { uniforms } from "../posterior/random.ts";

interface Row {
  readonly family: Family;
  readonly y: number;
  readonly eta: number;
  readonly aux: readonly number[];
  readonly trials: number;
  readonly log_lik: number;
}

const { rows }: { rows: readonly Row[] } = JSON.parse(
  readFileSync(new URL("../../../../fixtures/families/log-likelihoods.json", import.meta.url), "utf8"),
);

/** Random numbers for draws. */
function source(seed: number): RandomNumbers {
  const uniform = uniforms(seed);
  return { uniform, normal: () => normalQuantile(uniform()) };
}

const describeRow = ({ y, eta, aux, trials }: Row): string =>
  `y ${y}, eta ${eta}, aux ${aux.join(" ")}, trials ${trials}`;

describe.each(FAMILIES)("%s", (family) => {
  const definition = familyOf(family);
  const own = rows.filter((row) => row.family === family);

  it("has R's log likelihood", () => {
    expect(own.length).toBeGreaterThan(15);
    for (const row of own) {
      const value = definition.logLik(row.y, row.eta, row.aux, row.trials);
      expect(Math.abs(value - row.log_lik), describeRow(row)).toBeLessThanOrEqual(
        1e-12 * Math.max(Math.abs(row.log_lik), 1e-3, scaleOf(row)),
      );
    }
  });

  it("gives the same value with its slopes, which are those of finite differences", () => {
    for (const row of own) {
      const { y, eta, aux, trials } = row;
      const out = new Float64Array(1 + aux.length);
      const value = definition.logLikAndSlopes(y, eta, aux, trials, out);
      expect(value).toBe(definition.logLik(y, eta, aux, trials));
      const slope = (at: number): { value: number; error: number } => {
        const place = at === 0 ? eta : aux[at - 1]!;
        // relative for parameters, and small beside the gap between thresholds
        const gaps = aux.map((cut, k) => (k === 0 ? 1 : cut - aux[k - 1]!));
        const least = family === "cumulative" ? Math.min(1, ...gaps) : at === 0 ? scaleOfEta(row) : place;
        const h = 1e-3 * least;
        // differences of thresholds and eta lose digits
        const rounding = (1e-15 * (1 + Math.abs(eta))) / least;
        const f = (d: number): number =>
          definition.logLik(
            y,
            at === 0 ? eta + d : eta,
            aux.map((v, k) => (k === at - 1 ? v + d : v)),
            trials,
          );
        // five points: error of order h^4, and rounding
        const five = (step: number): number =>
          (f(-2 * step) - 8 * f(-step) + 8 * f(step) - f(2 * step)) / (12 * step);
        return {
          value: five(h),
          error: Math.abs(five(h) - five(2 * h)) + (1e-14 * (1 + Math.abs(value)) + rounding) / h,
        };
      };
      out.forEach((exact, at) => {
        const { value: approximate, error } = slope(at);
        expect(Math.abs(exact - approximate), `${describeRow(row)}, slope ${at}`).toBeLessThanOrEqual(
          2e-8 * Math.abs(exact) + 20 * error + 1e-12,
        );
      });
    }
  });
});

/** Size of the terms that a row's log likelihood is the small difference of: R loses their digits as we do. */
function scaleOf({ family, y, eta, aux, trials }: Row): number {
  if (family === "beta") return aux[0]! * (1 + Math.abs(eta)) + Math.abs(Math.log(y)) * aux[0]!;
  return family === "binomial" ? trials * (1 + Math.abs(eta)) : 1;
}

/** How far eta may move for the log likelihood to change a little. */
const scaleOfEta = ({ family, y, eta, aux }: Row): number =>
  family === "gaussian" || family === "student_t" ? Math.max(aux[0]!, 1e-3 * Math.abs(y - eta)) : 1;

describe("means, variances and draws", () => {
  /** Responses to sum over, with weights: whole numbers, or a fine grid of quantiles' midpoints. */
  const sums = (
    family: Family,
    eta: number,
    aux: readonly number[],
    trials: number,
  ): [number, number, number] => {
    const { logLik } = familyOf(family);
    let total = 0;
    let first = 0;
    let second = 0;
    const add = (y: number, weight: number): void => {
      const p = weight * Math.exp(logLik(y, eta, aux, trials));
      total += p;
      first += p * y;
      second += p * y * y;
    };
    if (family === "bernoulli") for (const y of [0, 1]) add(y, 1);
    else if (family === "binomial") for (let y = 0; y <= trials; y++) add(y, 1);
    else if (family === "cumulative") for (let y = 1; y <= aux.length + 1; y++) add(y, 1);
    else if (family === "beta") {
      // y = logistic(x): smooth at both ends
      for (let x = -200; x <= 200; x += 0.01) {
        const y = 1 / (1 + Math.exp(-x));
        if (y > 0 && y < 1) add(y, 0.01 * y * (1 - y));
      }
    } else {
      // y = eta + sigma sinh(x)
      for (let x = -30; x <= 30; x += 0.001)
        add(eta + aux[0]! * Math.sinh(x), 0.001 * aux[0]! * Math.cosh(x));
    }
    return [total, first, second - first * first];
  };
  const cases: [Family, number, readonly number[], number][] = [
    ["bernoulli", -1.3, [], 1],
    ["binomial", 0.8, [], 9],
    ["gaussian", 2, [0.6], 1],
    ["student_t", -1, [0.5, 6.5], 1],
    ["cumulative", 0.4, [-1, 0.2, 0.9, 3], 1],
    ["beta", 0.9, [4.5], 1],
    ["beta", -1.5, [0.8], 1],
  ];
  it.each(cases)("%s at eta %f, %o", (family, eta, aux, trials) => {
    const { mean, variance, draw } = familyOf(family);
    const [total, first, second] = sums(family, eta, aux, trials);
    expect(total).toBeCloseTo(1, 7);
    expect(mean(eta, aux, trials)).toBeCloseTo(first, 6);
    expect(variance(eta, aux, trials)).toBeCloseTo(second, 5);
    // draws: mean and variance within 4 standard errors, the fourth moment from the draws
    const count = 40_000;
    const random = source(family.length + trials);
    const y = Float64Array.from({ length: count }, () => draw(eta, aux, trials, random));
    const m = y.reduce((a, b) => a + b, 0) / count;
    const squares = y.map((v) => (v - first) ** 2);
    const v = squares.reduce((a, b) => a + b, 0) / count;
    const fourth = squares.reduce((a, b) => a + (b - v) ** 2, 0) / count;
    expect(Math.abs(m - first)).toBeLessThan(4 * Math.sqrt(second / count));
    expect(Math.abs(v - second)).toBeLessThan(4 * Math.sqrt(fourth / count));
  });

  it("a cumulative model's categories have the probabilities of its log likelihood", () => {
    const cuts = [-1, 0.2, 0.9];
    const out = new Float64Array(4);
    categoryProbabilities(0.3, cuts, out);
    out.forEach((p, k) => {
      expect(Math.log(p)).toBeCloseTo(familyOf("cumulative").logLik(k + 1, 0.3, cuts, 1), 12);
    });
  });

  it("variances that do not exist are said to", () => {
    const { mean, variance } = familyOf("student_t");
    expect([mean(1, [1, 1], 1), variance(1, [1, 1.5], 1), variance(1, [1, 0.9], 1)]).toEqual([
      Number.NaN,
      Infinity,
      Number.NaN,
    ]);
  });
});
