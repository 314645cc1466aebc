import {
  type Draws,
  type Family,
  familyOf,
  interceptNames,
  type Model,
  type Prior,
  summarize,
  thresholdCount,
} from "@bridgewise/core";
import { type Fit, type SampleOptions, sample } from "../src/index.ts";
import { fillNormals, seedFrom, uniform } from "../src/random/philox.ts";
import { makeModel } from "./models.ts";

/**
 * Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): parameters drawn from the prior, data from them, a fit; the
 * truth's rank among nearly independent posterior draws is uniform if and only if sampler and density are right. Beside every
 * parameter the log likelihood is ranked, which notices a posterior that ignores the data (Modrak et al. 2023, doi:10.1214/23-BA1404).
 */
export type Shape = "nested" | "crossed";

interface Design {
  readonly x: Readonly<Record<string, readonly number[]>>;
  readonly groups: Readonly<Record<string, readonly number[]>>;
}

/** 12 users with 1 to 3 conversations of 2 or 3 rows; or 9 users crossed with 6 items. Two predictors, not centred. */
function designOf(shape: Shape): Design {
  const first: number[] = [];
  const second: number[] = [];
  if (shape === "nested") {
    let talk = 0;
    for (let user = 0; user < 12; user++)
      for (let c = 0; c < 1 + (user % 3); c++, talk++)
        for (let row = 0; row < 2 + (talk % 2); row++) {
          first.push(user);
          second.push(talk);
        }
  } else
    for (let i = 0; i < 72; i++) {
      first.push(i % 9);
      second.push((i + Math.floor(i / 9)) % 6);
    }
  const rows = first.length;
  const z = new Float64Array(2 * rows);
  fillNormals(z, z.length, seedFrom(3), 0, 0, 99);
  return {
    x: {
      a: first.map((_, i) => 1 + 0.7 * z[i]!),
      b: first.map((_, i) => (z[rows + i]! > 0.3 ? 1 : 0)),
    },
    groups: shape === "nested" ? { user: first, "user:talk": second } : { user: first, item: second },
  };
}

export const CALIBRATION_PRIORS: Model["priors"] = {
  intercept: { kind: "student_t", df: 5, location: 0.3, scale: 1 },
  b: [
    { kind: "normal", mean: 0.2, sd: 1 },
    { kind: "student_t", df: 4, location: 0, scale: 0.8 },
  ],
  sd: [[{ kind: "exponential", rate: 1.5 }], [{ kind: "normal", mean: 0, sd: 0.8 }]],
  cor: [1, 1],
  sigma: { kind: "student_t", df: 4, location: 1, scale: 0.25 },
  thresholds: [],
  nu: { kind: "flat" },
  phi: { kind: "flat" },
};

/**
 * Standard deviations away from 0, for effects written centred: with an sd near 0 those are a funnel that no step size fits, and a
 * chain that has not converged says nothing of its density.
 */
export const PRIORS_AWAY_FROM_ZERO: Model["priors"] = {
  ...CALIBRATION_PRIORS,
  sd: [[{ kind: "normal", mean: 1, sd: 0.2 }], [{ kind: "normal", mean: 0.8, sd: 0.15 }]],
};

/** Numbers in order from one key. */
export class Source {
  private at = 0;
  private readonly seed: number;
  constructor(seed: number) {
    this.seed = seed;
  }
  normal(): number {
    const out = new Float64Array(1);
    fillNormals(out, 1, seedFrom(this.seed), 1, this.at++, 98);
    return out[0]!;
  }
  uniform(): number {
    return uniform(seedFrom(this.seed), 2, this.at++, 98);
  }
  prior(prior: Prior): number {
    switch (prior.kind) {
      case "normal":
        return prior.mean + prior.sd * this.normal();
      case "exponential":
        return -Math.log1p(-this.uniform()) / prior.rate;
      case "student_t": {
        let squares = 0;
        for (let k = 0; k < prior.df; k++) squares += this.normal() ** 2;
        return prior.location + prior.scale * (this.normal() / Math.sqrt(squares / prior.df));
      }
      case "gamma": {
        // whole shapes: sums of exponentials
        let sum = 0;
        for (let k = 0; k < prior.shape; k++) sum -= Math.log1p(-this.uniform()) / prior.rate;
        return sum;
      }
      default:
        throw new Error(`no draws from a ${prior.kind} prior`);
    }
  }
  /** Of the part above 0. A prior around 0 is symmetric; others are drawn until one fits. */
  positive(prior: Prior): number {
    for (;;) {
      const value = this.prior(prior);
      if (value > 0) return value;
    }
  }
}

/** A model with simulated data, and the true values by the draws' names. */
export function simulateFromPrior(
  family: Family,
  shape: Shape,
  seed: number,
  priors: Model["priors"] = CALIBRATION_PRIORS,
): Simulated {
  const { x, groups } = designOf(shape);
  const source = new Source(seed);
  const { intercept, b, sd, sigma } = priors;
  const names = Object.keys(x);
  const rows = x[names[0]!]!.length;
  const means = names.map((name) => x[name]!.reduce((s, v) => s + v, 0) / rows);
  const truth = new Map<string, number>();
  // the Intercept's prior is that of the centred predictors' intercept
  const centred = source.prior(intercept);
  const slopes = names.map((_, k) => source.prior(b[k]!));
  truth.set("b_Intercept", centred - slopes.reduce((s, v, k) => s + v * means[k]!, 0));
  names.forEach((name, k) => {
    truth.set(`b_${name}`, slopes[k]!);
  });
  const eta = Array.from({ length: rows }, (_, i) =>
    names.reduce((s, name, k) => s + slopes[k]! * x[name]![i]!, truth.get("b_Intercept")!),
  );
  const empty = makeModel({ family, y: new Float64Array(rows), x, groups });
  empty.groups.forEach((group, t) => {
    const tau = source.positive(sd[t]![0]!);
    truth.set(`sd_${group.name}__Intercept`, tau);
    const u = group.levels.map(() => tau * source.normal());
    group.levels.forEach((level, j) => {
      truth.set(`r_${group.name}[${level},Intercept]`, u[j]!);
    });
    for (let i = 0; i < rows; i++) eta[i]! += u[group.index[i]!]!;
  });
  const noise = family === "gaussian" ? source.positive(sigma) : 1;
  if (family === "gaussian") truth.set("sigma", noise);
  const y = eta.map((e) =>
    family === "gaussian" ? e + noise * source.normal() : source.uniform() < 1 / (1 + Math.exp(-e)) ? 1 : 0,
  );
  return { model: { ...empty, y: Float64Array.from(y), priors }, truth };
}

/** Log likelihood of the data at the values of one draw. */
function logLikelihood(model: Model, value: (name: string) => number): number {
  const { rows, y, x, predictors, groups, offset, trials } = model;
  const { logLik, parameters } = familyOf(model.family);
  const slopes = predictors.map((name) => value(`b_${name}`));
  const effects = groups.map((g) =>
    g.coefficients.map((coefficient) =>
      g.levels.map((level) => value(`r_${g.name}[${level},${coefficient}]`)),
    ),
  );
  const cuts = thresholdCount(model);
  const intercepts = interceptNames(model).map(value);
  const aux = [...parameters.map(value), ...(cuts > 0 ? intercepts : [])];
  let lp = 0;
  for (let i = 0; i < rows; i++) {
    let eta = (cuts > 0 ? 0 : (intercepts[0] ?? 0)) + (offset?.[i] ?? 0);
    slopes.forEach((slope, k) => {
      eta += slope * x[i * slopes.length + k]!;
    });
    groups.forEach(({ index, z, coefficients }, t) => {
      coefficients.forEach((_, a) => {
        eta += (z?.[i * coefficients.length + a] ?? 1) * effects[t]![a]![index[i]!]!;
      });
    });
    lp += logLik(y[i]!, eta, aux, trials?.[i] ?? 1);
  }
  return lp;
}

/** Rank of each truth among `size` draws, evenly spaced over the chains: 0 to size. */
function ranks(
  model: Model,
  truth: ReadonlyMap<string, number>,
  draws: Draws,
  size: number,
): Map<string, number> {
  const { variables, chains, values } = draws;
  const place = new Map(variables.map((name, v) => [name, v]));
  const total = chains * draws.draws;
  const chosen = Array.from({ length: size }, (_, k) => Math.floor(((k + 0.5) * total) / size));
  const at = (name: string, k: number): number => values[place.get(name)! * total + chosen[k]!]!;
  const out = new Map<string, number>();
  const rank = (name: string, own: number, draw: (k: number) => number): void => {
    let below = 0;
    for (let k = 0; k < size; k++) if (draw(k) < own) below++;
    out.set(name, below);
  };
  for (const [name, own] of truth) rank(name, own, (k) => at(name, k));
  rank(
    "log likelihood",
    logLikelihood(model, (name) => truth.get(name)!),
    (k) => logLikelihood(model, (name) => at(name, k)),
  );
  return out;
}

export interface Simulated {
  readonly model: Model;
  /** True values by the draws' names. */
  readonly truth: Map<string, number>;
}

export interface CalibrationRequest {
  readonly family: Family;
  /** What to simulate: one of the shapes here, or data from elsewhere. */
  readonly shape: Shape | ((family: Family, seed: number) => Simulated);
  readonly options: SampleOptions;
  readonly fits: number;
  /** Default CALIBRATION_PRIORS. */
  readonly priors?: Model["priors"];
  /** Posterior draws that a truth is ranked among; size + 1 must be a multiple of `bins`. */
  readonly size: number;
  /** Odd. */
  readonly bins: number;
  /** What is fitted, in place of the model that the data come from: to see that a fault is noticed. */
  readonly fitted?: (model: Model) => Model;
}

export interface CalibrationResult {
  /** [bins] counts of ranks for each parameter. */
  readonly histograms: ReadonlyMap<string, Int32Array>;
  /** Chi-square probability of each histogram under uniformity. */
  readonly p: ReadonlyMap<string, number>;
  readonly divergences: number;
  /** Fits whose largest R-hat was above 1.05 at the end. */
  readonly apart: number;
}

/** A fit is drawn longer, four times each time, until its least bulk ESS is this many times the ranks' size. */
const LEAST_ESS_SHARE = 2;
const MOST_LENGTHENINGS = 2;

export async function calibrate(request: CalibrationRequest): Promise<CalibrationResult> {
  const { family, shape, options, fits, size, bins, priors, fitted = (model) => model } = request;
  if ((size + 1) % bins !== 0 || bins % 2 === 0)
    throw new RangeError("size + 1 must be a multiple of an odd number of bins");
  const histograms = new Map<string, Int32Array>();
  let divergences = 0;
  let apart = 0;
  for (let i = 0; i < fits; i++) {
    const { model, truth } =
      typeof shape === "string"
        ? simulateFromPrior(family, shape, 1000 + i, priors)
        : shape(family, 1000 + i);
    let fit: Fit;
    let rhat = 0;
    for (let longer = 0; ; longer++) {
      const draws = (options.draws ?? 1000) * 4 ** longer;
      fit = await sample(fitted(model), { ...options, draws, seed: 1 + i });
      const summaries = Object.values(summarize(fit.draws));
      rhat = Math.max(...summaries.map((s) => s.rhat ?? Infinity));
      const least = Math.min(...summaries.map((s) => s.ess_bulk ?? 0));
      if (least >= LEAST_ESS_SHARE * size || longer === MOST_LENGTHENINGS) break;
    }
    divergences += fit.divergences;
    if (rhat > 1.05) apart++;
    for (const [name, rank] of ranks(model, truth, fit.draws, size)) {
      const histogram = histograms.get(name) ?? new Int32Array(bins);
      histogram[Math.floor((rank * bins) / (size + 1))]!++;
      histograms.set(name, histogram);
    }
  }
  const p = new Map([...histograms].map(([name, histogram]) => [name, uniformity(histogram)]));
  return { histograms, p, divergences, apart };
}

/** P(chi-square with an even number of degrees of freedom >= the histogram's statistic), in closed form. */
export function uniformity(histogram: Int32Array): number {
  const expected = histogram.reduce((a, b) => a + b, 0) / histogram.length;
  const half = histogram.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / 2;
  let term = Math.exp(-half);
  let p = term;
  for (let k = 1; k < (histogram.length - 1) / 2; k++) {
    term *= half / k;
    p += term;
  }
  return p;
}
