import type { Model, Prior } from "@bridgewise/core";
import { fillNormals, seedFrom } from "../src/random/philox.ts";
import { makeModel } from "./models.ts";

/** Deterministic numbers for test data. */
export function numbers(count: number, seed: number): Float64Array {
  const out = new Float64Array(count);
  fillNormals(out, count, seedFrom(seed), 0, 0, 99);
  return out;
}

export interface DesignOptions {
  readonly rows?: number;
  readonly intercept?: boolean;
  /** Whether there are group terms, and whether two of them are nested. */
  readonly groups?: boolean;
  readonly nested?: boolean;
  /** One large group and many small ones. */
  readonly unbalanced?: boolean;
  /** A third level in the nesting. */
  readonly deep?: boolean;
  /** A small factor that is well known. */
  readonly dense?: boolean;
  /** Priors of every kind. */
  readonly kinds?: boolean;
}

/** Two predictors on different scales, irregular groups. */
export function design(family: "gaussian" | "bernoulli", options: DesignOptions = {}): Model {
  const { rows = 61, intercept = true, groups = true, nested = true } = options;
  const z = numbers(4 * rows, 11);
  const at = (i: number): number => (options.unbalanced ? Math.max(0, i - Math.floor(rows / 2)) : i);
  const user = Array.from({ length: rows }, (_, i) => `u${Math.floor(at(i) / 9)}`);
  const talk = Array.from(
    { length: rows },
    (_, i) => `${user[i]}_c${Math.floor((at(i) % 9) / (2 + (Math.floor(at(i) / 9) % 3)))}`,
  );
  const turn = Array.from({ length: rows }, (_, i) => `${talk[i]}_t${i % 2}`);
  const item = Array.from({ length: rows }, (_, i) => `m${(i * 7) % 5}`);
  const a = z.subarray(0, rows).map((v) => 5 + 3 * v);
  const b = z.subarray(rows, 2 * rows).map((v) => 0.2 * v - 1);
  const effect = (i: number): number =>
    0.5 * z[2 * rows + Math.floor(i / 9)]! + (options.dense ? 0.8 * (((i * 7) % 5) - 2) : 0);
  const eta = a.map((v, i) => 0.2 * (v - 5) - b[i]! + effect(i));
  const sds: Record<string, Prior> = {
    user: { kind: "student_t", df: 3, location: 0, scale: 2.5 },
    talk: { kind: "exponential", rate: 1 },
    turn: { kind: "normal", mean: 0.2, sd: 1 },
    item: { kind: "cauchy", location: 0, scale: 2 },
  };
  const terms: Record<string, string[]> = {
    user,
    ...(nested && { talk }),
    ...(options.deep && { turn }),
    ...(nested && { item }),
  };
  const used = groups ? terms : {};
  const model = makeModel({
    family,
    y: eta.map((e, i) =>
      family === "gaussian" ? 3 + e + 0.7 * z[3 * rows + i]! : z[3 * rows + i]! < e ? 1 : 0,
    ),
    x: { a, b },
    groups: used,
    intercept,
    b: { kind: "normal", mean: 0.1, sd: 3 },
    priors: { sd: Object.keys(used).map((name) => [sds[name]!]) },
  });
  if (!options.kinds) return model;
  const b1: Prior = { kind: "student_t", df: 4, location: 0.5, scale: 1.5 };
  return {
    ...model,
    priors: {
      ...model.priors,
      intercept: { kind: "normal", mean: 1, sd: 2 },
      b: [b1, { kind: "cauchy", location: -0.5, scale: 1 }],
      sigma: { kind: "exponential", rate: 0.7 },
    },
  };
}
