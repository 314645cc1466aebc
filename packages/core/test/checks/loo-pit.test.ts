import { expect, it } from "vitest";
import { looPitValues } from "../../src/checks/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { buildModel } from "../../src/model/index.ts";
import { normalCdf } from "../../src/posterior/normal-cdf.ts";
import type { DrawColumns } from "../../src/predict/index.ts";
import { randomStream } from "../../src/simulate/random.ts";
import { ordinal } from "./fixture.ts";

it("are those of the exact leave-one-out predictive distribution of a normal mean", () => {
  const random = randomStream(11, "loo-pit");
  const n = 12;
  const S = 20_000;
  const y = Array.from({ length: n }, () => random.normal());
  y[0] = 2.5;
  const { model } = buildModel({ formula: "y ~ 1", family: "gaussian", frame: frameFromArrays({ y }) });
  const sum = y.reduce((a, b) => a + b);
  // flat prior, sigma = 1: the mean's posterior is N(mean(y), 1 / n)
  const b = Float64Array.from({ length: S }, () => sum / n + random.normal() / Math.sqrt(n));
  const sigma = new Float64Array(S).fill(1);
  const draws: DrawColumns = {
    draws: S,
    column: (name) => (name === "b_Intercept" ? b : name === "sigma" ? sigma : undefined),
  };
  const pit = looPitValues(model, draws, random);
  y.forEach((value, i) => {
    const others = (sum - value) / (n - 1);
    const exact = normalCdf((value - others) / Math.sqrt(1 + 1 / (n - 1)));
    // a weighted share of S draws; the weights' effective number is above S / 2 with 12 rows, and of the outlying one above S / 20
    const error = Math.sqrt((exact * (1 - exact)) / (i === 0 ? S / 20 : S / 2));
    expect(Math.abs(pit[i]! - exact)).toBeLessThan(4 * error);
  });
  // the row itself pulls the plain predictive distribution towards it
  const plain = normalCdf((y[0]! - sum / n) / Math.sqrt(1 + 1 / n));
  expect(pit[0]!).toBeGreaterThan(plain);
});

it("of ordered categories lie between the probabilities below and up to the observed one", () => {
  const { model, draws } = ordinal();
  const pit = looPitValues(model, draws, randomStream(2, "loo-pit"));
  expect(pit.every((value) => value >= 0 && value <= 1)).toBe(true);
  const meanOf = (category: number): number => {
    const own = pit.filter((_, row) => model.y[row] === category);
    return own.reduce((a, b) => a + b) / own.length;
  };
  expect(meanOf(1)).toBeLessThan(meanOf(2));
  expect(meanOf(2)).toBeLessThan(meanOf(3));
});
