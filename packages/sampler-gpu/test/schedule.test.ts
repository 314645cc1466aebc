import { describe, expect, it } from "vitest";
import { kicksOf } from "../src/driver/integrator.ts";
import { warmupSchedule } from "../src/driver/schedule.ts";
import { averageStep, currentStep, startStepSize, updateStepSize } from "../src/driver/step-size.ts";
import { trajectoryOf, vanDerCorput } from "../src/driver/trajectory.ts";
import { spread } from "../src/node/threads.ts";

describe("warm-up schedule", () => {
  it.each([
    [0, [], 0],
    [10, [], 10],
    [20, [4, 5, 7], 4],
    [100, [20, 25, 35], 20],
    [200, [30, 50, 80], 40],
    [250, [30, 50, 130], 40],
    [500, [30, 50, 80, 300], 40],
    [1000, [30, 50, 80, 160, 640], 40],
  ])("of %i iterations", (length, windows, settle) => {
    const schedule = warmupSchedule(length);
    expect(schedule.windows.map((w) => w.length)).toEqual(windows);
    expect(schedule.settle).toBe(settle);
    expect(windows.reduce((a, b) => a + b, 0) + settle).toBe(length);
  });
});

describe("trajectory", () => {
  it("spreads its jitter evenly", () => {
    expect(Array.from({ length: 8 }, (_, i) => vanDerCorput(i)).sort()).toEqual([
      0.0625, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875,
    ]);
  });

  it("divides its angle into equal steps of at most the largest", () => {
    // the first jitter is the middle of its range: the mean angle
    expect(trajectoryOf(0, 1.5, 1000)).toEqual({ steps: 2, stepSize: 0.925 });
    expect(trajectoryOf(0, 3, 1000)).toEqual({ steps: 2, stepSize: 0.925 });
    expect(trajectoryOf(0, 0.6, 1000)).toEqual({ steps: 4, stepSize: 1.85 / 4 });
    const angles = Array.from({ length: 64 }, (_, i) => trajectoryOf(i, 0.1, 1000)).map(
      (t) => t.steps * t.stepSize,
    );
    expect(Math.min(...angles)).toBeGreaterThan(1.85 * 0.75);
    expect(Math.max(...angles)).toBeLessThan(1.85 * 1.25);
  });

  it("is cut off after as many steps as are allowed", () => {
    expect(trajectoryOf(3, 1e-3, 8)).toEqual({ steps: 8, stepSize: 1e-3 });
  });
});

describe("kicks", () => {
  it("add up to the step and are the same backwards, in pairs and alone", () => {
    for (const steps of [1, 2, 3, 4, 7, 10]) {
      const { outer, inner } = kicksOf(steps);
      const kicks = Array.from({ length: steps }, (_, l) =>
        l % 2 === 0 ? [outer, inner] : [inner, outer],
      ).flat();
      expect(kicks.reduce((a, b) => a + b)).toBeCloseTo(steps, 12);
      expect(kicks.toReversed()).toEqual(kicks);
    }
    expect(kicksOf(2).outer).not.toBe(kicksOf(2).inner);
  });
});

describe("dual averaging", () => {
  it("finds the step whose acceptance is the target", () => {
    let step = startStepSize(0.3, 0.8, 1.5);
    for (let i = 0; i < 2000; i++) step = updateStepSize(step, Math.exp(-(currentStep(step) ** 2)));
    expect(Math.exp(-(averageStep(step) ** 2))).toBeCloseTo(0.8, 2);
  });
});

describe("chains over threads", () => {
  it.each([
    [
      4,
      2,
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [4, 1, [[0, 1, 2, 3]]],
    [
      5,
      2,
      [
        [0, 1],
        [2, 3, 4],
      ],
    ],
    [1, 1, [[0]]],
    [
      8,
      3,
      [
        [0, 1],
        [2, 3],
        [4, 5, 6, 7],
      ],
    ],
  ])("%i chains, %i threads", (chains, threads, shares) => {
    expect(
      spread(
        Array.from({ length: chains }, (_, c) => c),
        threads,
      ),
    ).toEqual(shares);
  });
});
