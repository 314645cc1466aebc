import { describe, expect, it } from "vitest";
import { calibration, isotonicRegression } from "../../src/checks/index.ts";
import { largestDifference, readJson } from "./fixture.ts";

const theirs = readJson<Record<string, number[] & number>>("calibration");
const p = Float64Array.from(theirs["p"]!);
const y = Float64Array.from(theirs["y"]!);

describe("calibration of brms's fitted probabilities, against R", () => {
  const found = calibration(p, y);

  it("isotonic regression is isoreg's", () => {
    const ours = isotonicRegression(p, y).flatMap(({ rows, value }) => new Array<number>(rows).fill(value));
    expect(largestDifference(ours, theirs["isoreg"]!)).toBeLessThan(1e-12);
  });

  it("scores and their parts", () => {
    const { brier, log_score, reliability } = found;
    const { miscalibration, discrimination, uncertainty } = reliability;
    expect(
      largestDifference(
        [brier, log_score, miscalibration, discrimination],
        [theirs["brier"]!, theirs["log_score"]!, theirs["miscalibration"]!, theirs["discrimination"]!],
      ),
    ).toBeLessThan(1e-12);
    expect(miscalibration - discrimination + uncertainty).toBeCloseTo(brier, 14);
  });

  it("bins hold equal counts, rise, and cover all rows", () => {
    expect(found.bins.map(({ rows }) => rows)).toEqual(new Array(10).fill(48));
    const predicted = found.bins.map((bin) => bin.predicted);
    expect(predicted).toEqual([...predicted].sort((a, b) => a - b));
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(predicted)).toBeCloseTo(mean(p), 12);
    expect(mean(found.bins.map(({ observed }) => observed))).toBeCloseTo(mean(y), 12);
    for (const { lower, observed, upper } of found.bins) {
      expect(lower).toBeLessThan(observed);
      expect(upper).toBeGreaterThan(observed);
    }
  });

  it("pools equal predictions, and finds no miscalibration in the share itself", () => {
    const ones = Float64Array.from({ length: 48 }, (_, i) => (i < 12 ? 1 : 0));
    const { reliability } = calibration(
      ones.map(() => 0.25),
      ones,
    );
    expect(reliability.blocks).toEqual([{ from: 0.25, to: 0.25, rows: 48, value: 0.25 }]);
    expect(reliability.miscalibration).toBeCloseTo(0, 14);
    expect(reliability.discrimination).toBeCloseTo(0, 14);
  });
});
