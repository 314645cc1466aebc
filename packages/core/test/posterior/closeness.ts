import { expect } from "vitest";

/** |actual - expected| <= tolerance |expected|; NaN agrees with nothing. */
export function expectRelative(
  actual: number | null | undefined,
  expected: number,
  tolerance: number,
  what = "",
): void {
  const error = Math.abs(Number(actual ?? Number.NaN) - expected);
  expect(
    error <= tolerance * Math.abs(expected),
    `${what} is ${actual}, expected ${expected} within ${tolerance} relative`,
  ).toBe(true);
}
