import type { Model } from "@bridgewise/core";
import { fillNormals, seedFrom } from "../src/random/philox.ts";
import type { SampleOptions } from "../src/sample.ts";
import { makeModel } from "./models.ts";

/** Deterministic standard normals. */
export function normals(count: number, seed: number): Float64Array {
  const out = new Float64Array(count);
  fillNormals(out, count, seedFrom(seed), 0, 0, 99);
  return out;
}

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));
/** Uniform numbers by the normal's distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
const normalCdf = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804 *
    Math.exp(-0.5 * z * z) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
};

export interface OneWay {
  readonly family: "gaussian" | "bernoulli";
  /** Rows of each group. */
  readonly sizes: readonly number[];
  readonly sd: number;
  readonly intercept?: number;
  readonly sigma?: number;
  readonly seed?: number;
}

/** y ~ 1 + (1 | g), simulated. */
export function oneWay({ family, sizes, sd, intercept = 0, sigma = 1, seed = 1 }: OneWay): Model {
  const groups = sizes.flatMap((n, j) => Array.from({ length: n }, () => j));
  const u = normals(sizes.length, 2 * seed);
  const e = normals(groups.length, 2 * seed + 1);
  const y = groups.map((j, i) => {
    const eta = intercept + sd * u[j]!;
    return family === "gaussian" ? eta + sigma * e[i]! : normalCdf(e[i]!) < logistic(eta) ? 1 : 0;
  });
  return makeModel({ family, y, groups: { g: groups } });
}

export const equal = (groups: number, rows: number): number[] => Array.from({ length: groups }, () => rows);

/** A hard case, the densities it is sampled with, and how its truth is known. */
export interface EdgeCase {
  readonly name: string;
  readonly model: () => Model;
  /** Default: the one that is chosen. */
  readonly densities?: readonly NonNullable<SampleOptions["density"]>[];
  /** quadrature: y ~ 1 + (1 | g); two densities: the first against the second, with 4 times the draws; none: convergence alone. */
  readonly truth: "quadrature" | "two densities" | "none";
  readonly options?: SampleOptions;
}

const both = ["collapsed", "latent"] as const;
const gaussian = (name: string, spec: Omit<OneWay, "family">): EdgeCase => ({
  name: `gaussian: ${name}`,
  model: () => oneWay({ family: "gaussian", ...spec }),
  densities: both,
  truth: "quadrature",
});
const bernoulli = (name: string, spec: Omit<OneWay, "family">): EdgeCase => ({
  name: `bernoulli: ${name}`,
  model: () => oneWay({ family: "bernoulli", ...spec }),
  truth: "quadrature",
});

/** 1, 1, 2, 3, 5, … rows: a few groups hold nearly all. */
const unbalanced = [...equal(20, 1), ...equal(10, 2), 5, 8, 13, 21, 34, 55, 89, 144, 233];

export const ONE_WAY_CASES: readonly EdgeCase[] = [
  gaussian("sd 0, 30 groups of 5", { sizes: equal(30, 5), sd: 0 }),
  gaussian("3 levels of 20", { sizes: equal(3, 20), sd: 1 }),
  gaussian("2 levels of 20", { sizes: equal(2, 20), sd: 1 }),
  gaussian("200 groups of 2", { sizes: equal(200, 2), sd: 0.7 }),
  gaussian("100 groups of 1", { sizes: equal(100, 1), sd: 0.7 }),
  gaussian("unbalanced, 1 to 233 rows", { sizes: unbalanced, sd: 0.7 }),
  gaussian("sd 1,000 x sigma", { sizes: equal(12, 5), sd: 1000, sigma: 1 }),
  gaussian("response of 1e8", { sizes: equal(12, 5), sd: 1e8, sigma: 1e8, intercept: 3e8 }),
  gaussian("response of 1e-8", { sizes: equal(12, 5), sd: 1e-8, sigma: 1e-8, intercept: 3e-8 }),
  gaussian("intercept 1e6 x sigma", { sizes: equal(12, 5), sd: 1, sigma: 1, intercept: 1e6 }),
  { ...gaussian("6 rows, 16 chains", { sizes: equal(3, 2), sd: 1 }), options: { chains: 16, draws: 250 } },
  bernoulli("sd 0, 30 groups of 10", { sizes: equal(30, 10), sd: 0 }),
  bernoulli("3 levels of 40", { sizes: equal(3, 40), sd: 1 }),
  bernoulli("2 levels of 40", { sizes: equal(2, 40), sd: 1 }),
  bernoulli("200 groups of 2", { sizes: equal(200, 2), sd: 1 }),
  bernoulli("100 groups of 1", { sizes: equal(100, 1), sd: 1 }),
  bernoulli("unbalanced, 1 to 233 rows", { sizes: unbalanced, sd: 1 }),
  bernoulli("sd 6, 30 groups of 10", { sizes: equal(30, 10), sd: 6 }),
  bernoulli("1 in 200 rows is 1", { sizes: equal(40, 20), sd: 1, intercept: -5.5 }),
  {
    name: "bernoulli: all 1",
    model: () =>
      makeModel({ family: "bernoulli", y: equal(40, 1), groups: { g: equal(40, 1).map((_, i) => i % 8) } }),
    truth: "quadrature",
  },
  { ...bernoulli("6 rows, 16 chains", { sizes: equal(3, 2), sd: 1 }), options: { chains: 16, draws: 250 } },
];

/** Users with one to three conversations each, two rows a conversation. */
function nested(
  family: "gaussian" | "bernoulli",
  users: number,
  conversations: (user: number) => number,
): Model {
  const user: number[] = [];
  const talk: number[] = [];
  let count = 0;
  for (let u = 0; u < users; u++)
    for (let c = 0; c < conversations(u); c++, count++) {
      user.push(u, u);
      talk.push(count, count);
    }
  const z = normals(users + count + user.length, 31);
  const y = user.map((u, i) => {
    const eta = 0.6 * z[u]! + 0.4 * z[users + talk[i]!]!;
    const e = z[users + count + i]!;
    return family === "gaussian" ? eta + e : normalCdf(e) < logistic(eta) ? 1 : 0;
  });
  return makeModel({ family, y, groups: { user, "user:talk": talk } });
}

/** Users crossed with a factor of few levels. */
function crossed(family: "gaussian" | "bernoulli", users: number, items: number, each: number): Model {
  const user = Array.from({ length: users * each }, (_, i) => Math.floor(i / each));
  const item = user.map((u, i) => (u + i) % items);
  const z = normals(users + items + user.length, 32);
  const y = user.map((u, i) => {
    const eta = 0.8 * z[u]! + 0.8 * z[users + item[i]!]!;
    const e = z[users + items + i]!;
    return family === "gaussian" ? eta + e : normalCdf(e) < logistic(eta) ? 1 : 0;
  });
  return makeModel({ family, y, groups: { user, item } });
}

export const OTHER_CASES: readonly EdgeCase[] = [
  {
    name: "gaussian: nested, every user one conversation of 2 rows",
    model: () => nested("gaussian", 30, () => 1),
    densities: both,
    truth: "two densities",
  },
  {
    name: "gaussian: nested, most users one conversation of 2 rows",
    model: () => nested("gaussian", 60, (u) => (u % 6 === 0 ? 3 : 1)),
    densities: both,
    truth: "two densities",
  },
  {
    name: "bernoulli: nested, every user one conversation of 2 rows",
    model: () => nested("bernoulli", 30, () => 1),
    truth: "none",
  },
  {
    name: "bernoulli: nested, most users one conversation of 2 rows",
    model: () => nested("bernoulli", 60, (u) => (u % 6 === 0 ? 3 : 1)),
    truth: "none",
  },
  {
    name: "gaussian: 60 users crossed with 3 items",
    model: () => crossed("gaussian", 60, 3, 10),
    densities: both,
    truth: "two densities",
  },
  {
    name: "bernoulli: 60 users crossed with 3 items",
    model: () => crossed("bernoulli", 60, 3, 10),
    truth: "none",
  },
  {
    name: "bernoulli: 60 users crossed with 2 items",
    model: () => crossed("bernoulli", 60, 2, 10),
    truth: "none",
  },
  {
    name: "bernoulli: 400 users crossed with 3 items",
    model: () => crossed("bernoulli", 400, 3, 10),
    truth: "none",
  },
  {
    name: "bernoulli: 2 rows, 1 group of each",
    model: () => makeModel({ family: "bernoulli", y: [0, 1], groups: { g: [0, 1] } }),
    truth: "quadrature",
  },
];
