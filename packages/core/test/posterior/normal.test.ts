import { describe, expect, test } from "vitest";
import { normalQuantile } from "../../src/posterior/normal.ts";
import { expectRelative } from "./closeness.ts";

describe("normalQuantile", () => {
  // Newton's method on Phi in 120-digit arithmetic at the doubles nearest to these probabilities, rounded to doubles.
  const oracle: readonly (readonly [p: number, z: number])[] = [
    [0.975, 1.9599639845400538],
    [0.75, 0.6744897501960817],
    [0.999, 3.090232306167813],
    [0.001, -3.0902323061678136],
    [0.0249, -1.961677869063786],
    [0.07500000001, -1.4395314708678122],
    [0.2, -0.8416212335729142],
    [1e-10, -6.361340902404057],
    [1e-20, -9.262340089798407],
    [1e-300, -37.0470962993612],
  ];

  test.each(oracle)("at %d", (p, z) => {
    expectRelative(normalQuantile(p), z, 1e-15);
  });

  test("ends, middle and outside", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});
