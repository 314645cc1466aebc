import { describe, expect, test } from "vitest";
import { densityAt, ruleOfThumb, savageDickey, splineAt } from "../../src/hypothesis/index.ts";
import { normalCdf } from "../../src/posterior/index.ts";
import { expectRelative } from "../posterior/closeness.ts";
import { readNamed } from "./fixture.ts";

const { densities, spline, pnorm } = readNamed();

describe("against R 4.2", () => {
  test.each(Object.entries(densities))("density at a point: %s", (_, { values, bandwidth, at, density }) => {
    const x = Float64Array.from(values);
    expectRelative(ruleOfThumb(x), bandwidth, 1e-13);
    const peak = Math.max(...density);
    at.forEach((point, i) => {
      // R's transform rounds at about 1e-16 of the peak, and brms before 2.23 let the spline fall below 0
      const error = Math.abs(densityAt(x, point) - Math.max(0, density[i]!));
      expect(error, `at ${point}`).toBeLessThanOrEqual(1e-10 * density[i]! + 1e-13 * peak);
    });
  });

  test("spline", () => {
    const [x, y] = [Float64Array.from(spline.x), Float64Array.from(spline.y)];
    spline.at.forEach((point, i) => {
      // the values are of the order of 1, and printed with 15 digits
      expect(Math.abs(splineAt(x, y, point) - spline.value[i]!), `at ${point}`).toBeLessThan(2e-14);
    });
  });

  test("pnorm", () => {
    pnorm.x.forEach((x, i) => {
      expectRelative(normalCdf(x), pnorm.p[i]!, 1e-13, `at ${x}`);
    });
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(Number.NaN)]).toEqual([0, 1, Number.NaN]);
  });
});

test("a density is not below 0, and not defined for draws that do not vary or are infinite", () => {
  const two = Float64Array.from({ length: 100 }, (_, i) => (i < 90 ? 1 : 2));
  expect(densityAt(two, -0.01)).toBeGreaterThanOrEqual(0);
  // a spike between far outliers is narrower than the grid: the spline swings below 0 beside it
  const spike = Float64Array.from({ length: 100 }, (_, i) =>
    i === 0 ? -8192 : i === 99 ? 8192 : 6 + i / 1e4,
  );
  expect([-2, -1, 0, 1, 2, 3].map((point) => densityAt(spike, point))).toContain(0);
  for (let point = -20; point < 30; point += 0.7) expect(densityAt(spike, point)).toBeGreaterThanOrEqual(0);
  expect(densityAt(Float64Array.of(1, 1, 1), 0)).toBeNaN();
  expect(densityAt(Float64Array.of(1, Infinity, 1), 0)).toBeNaN();
  expect(savageDickey(two, Float64Array.of(1, 1))).toBeNaN();
});
