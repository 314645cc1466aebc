import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Density, type DensityFit, sampleDensity, sampleDensityStream } from "../src/index.ts";
import { readRecord } from "../src/native/engine-record.ts";
import { nativeRuntime } from "../src/native/index.ts";
import type { TensorRuntime } from "../src/tensor/runtime.ts";
import { wasmRuntime } from "../src/tensor/wasm-runtime.ts";
import { batchMean } from "./posteriors.ts";

type Theta = tf.Tensor2D;
const column = (theta: Theta, k: number): tf.Tensor2D => tf.slice(theta, [0, k], [theta.shape[0], 1]);

/** The mean of a function of a draw lies within 4 Monte Carlo standard errors of the truth. */
function expectMean(fit: DensityFit, of: (theta: number[]) => number, truth: number): void {
  const { variables, chains, draws, values } = fit.draws;
  const made = Float64Array.from({ length: chains * draws }, (_, i) =>
    of(variables.map((_, v) => values[v * chains * draws + i]!)),
  );
  const { mean, mcse } = batchMean({ draws: { variables: ["f"], chains, draws, values: made } }, "f");
  expect(mcse).toBeGreaterThan(0);
  expect(Math.abs(mean - truth) / mcse).toBeLessThan(4);
}

const MEAN = [3, -100, 0.02];
/** Lower factor of the covariance: scales from 0.01 to 10, correlations up to 0.9. */
const FACTOR = [
  [2, 0, 0],
  [9, 4.4, 0],
  [0.005, -0.005, 0.007],
];
/** Inverse of FACTOR, row by row. */
const INVERSE = [
  [0.5, 0, 0],
  [-9 / 8.8, 1 / 4.4, 0],
  [(-0.005 * 0.5 + 0.005 * (-9 / 8.8)) / 0.007, 0.005 / 4.4 / 0.007, 1 / 0.007],
];

/** -|F^-1 (theta - mean)|^2 / 2 and its gradient. */
const standardised = (theta: Theta): Theta =>
  tf.matMul(tf.sub(theta, tf.tensor2d(MEAN, [1, 3])) as Theta, tf.tensor2d(INVERSE), false, true);
const normal = (theta: Theta): tf.Tensor => tf.mul(tf.sum(tf.square(standardised(theta)), 1), -0.5);

const SCHOOLS = { y: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] };

/** mu ~ N(0, 5), tau ~ half N(0, 5), theta_j = mu + tau eta_j, y_j ~ N(theta_j, se_j); over (mu, log tau, eta). */
function eightSchools(theta: Theta): tf.Tensor {
  const mu = column(theta, 0);
  const logTau = column(theta, 1);
  const eta = tf.slice(theta, [0, 2], [theta.shape[0], 8]);
  const effects = tf.add(mu, tf.mul(tf.exp(logTau), eta));
  const residual = tf.div(tf.sub(tf.tensor2d(SCHOOLS.y, [1, 8]), effects), tf.tensor2d(SCHOOLS.se, [1, 8]));
  const squares = [residual, eta, tf.div(mu, 5), tf.div(tf.exp(logTau), 5)].map((x) =>
    tf.mul(tf.square(x), -0.5),
  );
  return tf.concat([...squares, logTau], 1);
}

/** E mu, E tau, E theta_1 by quadrature over tau: given tau all else is normal. */
function schoolsByQuadrature(): { mu: number; tau: number; first: number } {
  let total = 0;
  const sums = { mu: 0, tau: 0, first: 0 };
  const { y, se } = SCHOOLS;
  for (let i = 0; i < 40_000; i++) {
    const tau = (i + 0.5) * 0.001;
    const weights = se.map((s) => 1 / (s * s + tau * tau));
    const precision = 1 / 25 + weights.reduce((a, b) => a + b, 0);
    const mu = weights.reduce((sum, w, j) => sum + w * y[j]!, 0) / precision;
    let log = -0.5 * (tau / 5) ** 2 - 0.5 * Math.log(precision) + 0.5 * mu * mu * precision;
    weights.forEach((w, j) => {
      log += 0.5 * Math.log(w) - 0.5 * w * y[j]! ** 2;
    });
    const p = Math.exp(log);
    total += p;
    sums.mu += p * mu;
    sums.tau += p * tau;
    const share = tau ** 2 / (tau ** 2 + se[0]! ** 2);
    sums.first += p * (share * y[0]! + (1 - share) * mu);
  }
  return { mu: sums.mu / total, tau: sums.tau / total, first: sums.first / total };
}

const record = await readRecord("cpu");
const runtimes: [string, () => Promise<TensorRuntime>][] = [["wasm", async () => wasmRuntime()]];
if (typeof record !== "string")
  runtimes.push(["native, compiled", () => nativeRuntime({ engine: "native", mode: "compiled" })]);

describe.each(runtimes)("a density of one's own, %s", (_, make) => {
  let runtime: TensorRuntime;
  beforeAll(async () => {
    runtime = await make();
    await runtime.activate();
  });

  it.each([
    ["differentiated by tfjs", { dims: 3, logDensity: normal }],
    [
      "with its gradient",
      {
        dims: 3,
        logDensityAndGradient: (theta: Theta) => ({
          value: normal(theta),
          gradient: tf.neg(tf.matMul(standardised(theta), tf.tensor2d(INVERSE))),
        }),
      },
    ],
  ] satisfies [string, Density][])("a normal of known covariance, %s", async (_, density) => {
    const before = tf.memory().numTensors;
    const fit = await sampleDensity(density, { runtime, draws: 2048, seed: 4 });
    expect(tf.memory().numTensors).toBe(before);
    expect(fit.engine).toBe(runtime.engine);
    expect(fit.divergences).toBe(0);
    for (let a = 0; a < 3; a++) {
      expectMean(fit, (t) => t[a]!, MEAN[a]!);
      for (let b = 0; b <= a; b++) {
        const covariance = FACTOR[a]!.reduce((sum, f, k) => sum + f * FACTOR[b]![k]!, 0);
        expectMean(fit, (t) => (t[a]! - MEAN[a]!) * (t[b]! - MEAN[b]!), covariance);
      }
    }
  });

  it("eight schools, as quadrature has them", async () => {
    const fit = await sampleDensity(
      { dims: 10, logDensity: eightSchools },
      { runtime, draws: 2048, seed: 2 },
    );
    const truth = schoolsByQuadrature();
    expectMean(fit, (t) => t[0]!, truth.mu);
    expectMean(fit, (t) => Math.exp(t[1]!), truth.tau);
    expectMean(fit, (t) => t[0]! + Math.exp(t[1]!) * t[2]!, truth.first);
  });

  it("a funnel, whose neck and mouth are known", async () => {
    // v ~ N(0, 1), x_k ~ N(0, exp(v / 2)): trajectories in the mouth are long, those in the neck must be short
    const funnel = (theta: Theta): tf.Tensor => {
      const v = column(theta, 0);
      const x = tf.slice(theta, [0, 1], [theta.shape[0], 3]);
      const scaled = tf.mul(tf.square(x), tf.exp(tf.neg(v)));
      return tf.sub(
        tf.mul(tf.sum(tf.concat([tf.square(v), scaled], 1), 1), -0.5),
        tf.mul(tf.squeeze(v, [1]), 1.5),
      );
    };
    const fit = await sampleDensity({ dims: 4, logDensity: funnel }, { runtime, draws: 4096, seed: 3 });
    expectMean(fit, (t) => t[0]!, 0);
    expectMean(fit, (t) => t[0]! ** 2, 1);
    expectMean(fit, (t) => (t[0]! < -1.2816 ? 1 : 0), 0.1);
    // E x^2 = E exp(v) = exp(1/2)
    expectMean(fit, (t) => t[1]! ** 2, Math.exp(0.5));
  });
});

describe("sampleDensity", () => {
  it("learns variances alone above 200 parameters", async () => {
    const dims = 210;
    const sds = Float32Array.from({ length: dims }, (_, k) => 10 ** ((k % 5) - 2));
    const density = (theta: Theta): tf.Tensor =>
      tf.mul(tf.square(tf.div(theta, tf.tensor2d(sds, [1, dims]))), -0.5);
    const fit = await sampleDensity({ dims, logDensity: density, spread: sds }, { draws: 512, seed: 1 });
    for (const k of [0, 1, 2, 3, 4, 209]) expectMean(fit, (t) => (t[k]! / sds[k]!) ** 2, 1);
  });

  it("gives the same draws block by block, by the names asked for", async () => {
    const density: Density = { dims: 3, logDensity: normal, names: ["a", "b", "c"] };
    const options = { draws: 60, warmup: 50, seed: 9 };
    const { draws } = await sampleDensity(density, options);
    expect(draws.variables).toEqual(["a", "b", "c"]);
    const seen: number[] = [];
    for await (const block of sampleDensityStream(density, options)) {
      expect(block.variables).toEqual(["a", "b", "c"]);
      seen.push(...block.values.subarray(0, block.draws));
    }
    expect(seen).toEqual([...draws.values.subarray(0, 60)]);
    const left = sampleDensityStream(density, options);
    await left.next();
    await left.return(undefined as never);
    expect(tf.memory().numTensors).toBe(0);
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const fit = sampleDensity(
      { dims: 3, logDensity: normal },
      { signal: stop.signal, onProgress: () => stop.abort(new Error("stopped here")) },
    );
    await expect(fit).rejects.toThrow("stopped here");
    expect(tf.memory().numTensors).toBe(0);
  });

  it("says what is wrong with a density", async () => {
    const total = (theta: Theta): tf.Tensor => tf.sum(tf.square(theta));
    await expect(sampleDensity({ dims: 2, logDensity: total })).rejects.toThrow(
      "logDensity must return [chains] or [chains, pieces]",
    );
    await expect(sampleDensity({ dims: 0, logDensity: normal })).rejects.toThrow(
      "dims must be a whole number",
    );
    await expect(sampleDensity({ dims: 3, logDensity: normal, init: [1, 2] })).rejects.toThrow(
      "init must have one entry for each of the 3 dims: 2",
    );
    await expect(sampleDensity({ dims: 3, logDensity: normal, spread: [1, 0, 1] })).rejects.toThrow(
      "spread must be positive: 0",
    );
    const nowhere = (theta: Theta): tf.Tensor => tf.log(tf.sub(-1, tf.abs(tf.sum(theta, 1))));
    await expect(sampleDensity({ dims: 2, logDensity: nowhere })).rejects.toThrow(
      "no starting point with a finite density",
    );
  });
});
