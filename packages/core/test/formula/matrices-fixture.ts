import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** A right side's columns as R has them, without the intercept. */
interface FixedMatrix {
  readonly right: string;
  readonly names: readonly string[];
  readonly brms: readonly string[];
  readonly columns: readonly (readonly number[])[];
}

/** A model as brms hands it to Stan. */
export interface BrmsModel {
  readonly formula: string;
  readonly family: string;
  readonly y: readonly number[];
  readonly names: readonly string[];
  readonly columns: readonly (readonly number[])[];
  readonly groups: readonly {
    readonly group: string;
    readonly coefs: readonly string[];
    readonly correlated: boolean;
    readonly levels: readonly string[];
    readonly index: readonly number[];
    readonly z: readonly (readonly number[])[];
  }[];
  readonly offset: readonly number[] | null;
  readonly trials: readonly number[] | null;
  readonly thresholds: number | null;
}

export const MATRICES = JSON.parse(
  readFileSync(new URL("../../../../fixtures/model-matrix/matrices.json", import.meta.url), "utf8"),
) as {
  readonly fixed: readonly FixedMatrix[];
  readonly sum: readonly FixedMatrix[];
  readonly models: readonly BrmsModel[];
};

/** Every number within 1e-12 of its reference, relative to it where it is above 1. */
export function expectClose(actual: ArrayLike<number>, reference: readonly number[], what: string): void {
  expect(actual.length, what).toBe(reference.length);
  const worst = reference.reduce(
    (most, value, i) => Math.max(most, Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value))),
    0,
  );
  expect(worst, what).toBeLessThan(1e-12);
}
