import { randomStream } from "@bridgewise/core";

/** Known scales: sigma, sd of the groups, sd of the intercept's prior around 0. */
const SIGMA = 0.7;
const TAU = 1.1;
const INTERCEPT = 3;
export const ROWS = 48;
export const GROUPS = 12;

const random = randomStream(7, "loo.test");
const effects = Array.from({ length: GROUPS }, () => TAU * random.normal());
export const groupOf = (row: number): number => row % GROUPS;
export const y = Array.from(
  { length: ROWS },
  (_, row) => 1 + effects[groupOf(row)]! + SIGMA * random.normal(),
);
// an outlier, whose importance ratios have a heavy tail
y[17] = 1 + effects[groupOf(17)]! - 6;

/** A gaussian model whose scales are known to a thousandth: its predictive densities are closed forms. */
export const KNOWN = [
  ...["--prior", `sigma ~ normal(${SIGMA}, 1e-3)`],
  ...["--prior", `sd[g] ~ normal(${TAU}, 1e-3)`],
  ...["--prior", `Intercept ~ normal(0, ${INTERCEPT})`],
];

/** Mean and variance of y[row] given the y of other rows, by the dense covariance matrix. */
function predictive(row: number, given: readonly number[]): { mean: number; variance: number } {
  const cov = (a: number, b: number): number =>
    INTERCEPT ** 2 + (groupOf(a) === groupOf(b) ? TAU ** 2 : 0) + (a === b ? SIGMA ** 2 : 0);
  // Gauss elimination of [C | c, y]
  const n = given.length;
  const m = given.map((a) => [...given.map((b) => cov(a, b)), cov(a, row), y[a]!]);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const f = m[j]![i]! / m[i]![i]!;
      for (let k = i; k < n + 2; k++) m[j]![k]! -= f * m[i]![k]!;
    }
  const solve = (column: number): number[] => {
    const x = new Array<number>(n).fill(0);
    for (let i = n - 1; i >= 0; i--) {
      let left = m[i]![column]!;
      for (let k = i + 1; k < n; k++) left -= m[i]![k]! * x[k]!;
      x[i] = left / m[i]![i]!;
    }
    return x;
  };
  const weights = solve(n);
  return {
    mean: given.reduce((sum, a, i) => sum + weights[i]! * y[a]!, 0),
    variance: cov(row, row) - given.reduce((sum, a, i) => sum + weights[i]! * cov(a, row), 0),
  };
}

const normal = (value: number, m: number, v: number): number =>
  Math.exp((-0.5 * (value - m) ** 2) / v) / Math.sqrt(2 * Math.PI * v);

/** Log density, and the Monte Carlo error of its mean over independent draws of eta. */
export function exactDensity(
  row: number,
  given: readonly number[],
  draws: number,
): { elpd: number; error: number } {
  const { mean, variance } = predictive(row, given);
  const density = normal(y[row]!, mean, variance);
  const second = normal(y[row]!, mean, variance - SIGMA ** 2 / 2) / (2 * SIGMA * Math.sqrt(Math.PI));
  return { elpd: Math.log(density), error: Math.sqrt((second / density ** 2 - 1) / draws) };
}

export const others = (row: number): number[] =>
  Array.from({ length: ROWS }, (_, i) => i).filter((i) => i !== row);
