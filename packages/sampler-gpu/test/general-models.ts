import { type Family, familyOf, type GroupTerm, type Model, type Prior } from "@bridgewise/core";
import { seedFrom, uniform } from "../src/random/philox.ts";
import { numbers } from "./designs.ts";

/** A group term by hand: `columns` besides or instead of the intercept. */
export interface GroupSpec {
  readonly name: string;
  readonly of: ArrayLike<string | number>;
  /** Default: the intercept alone. */
  readonly columns?: Readonly<Record<string, ArrayLike<number>>>;
  /** Default true where there are several columns. */
  readonly correlated?: boolean;
}

export function groupTerm({ name, of, columns, correlated }: GroupSpec): GroupTerm {
  const labels = Array.from(of, String);
  const levels = [...new Set(labels)].sort();
  const code = new Map(levels.map((level, j) => [level, j]));
  const coefficients = columns ? Object.keys(columns) : ["Intercept"];
  return {
    name,
    levels,
    index: Int32Array.from(labels, (label) => code.get(label)!),
    coefficients,
    ...(columns && {
      z: Float64Array.from(
        { length: labels.length * coefficients.length },
        (_, i) => columns[coefficients[i % coefficients.length]!]![Math.floor(i / coefficients.length)]!,
      ),
    }),
    correlated: correlated ?? coefficients.length > 1,
  };
}

const FLAT: Prior = { kind: "flat" };

export interface GeneralSpec {
  readonly family: Family;
  readonly y: ArrayLike<number>;
  readonly x?: Readonly<Record<string, ArrayLike<number>>>;
  readonly groups: readonly GroupSpec[];
  readonly intercept?: boolean;
  readonly offset?: Float64Array;
  readonly trials?: Float64Array;
  readonly categories?: number;
  readonly priors?: Partial<Model["priors"]>;
}

/** A model made by hand with brms's default priors of a response with median `location` and mad below 2.5, unless told otherwise. */
export function generalModel(spec: GeneralSpec, location = 0, scale = 2.5): Model {
  const rows = spec.y.length;
  const predictors = Object.keys(spec.x ?? {});
  const groups = spec.groups.map(groupTerm);
  const thresholds = (spec.categories ?? 1) - 1;
  const around: Prior = { kind: "student_t", df: 3, location, scale };
  const half: Prior = { kind: "student_t", df: 3, location: 0, scale };
  return {
    formula: "made by hand",
    family: spec.family,
    rows,
    response: "y",
    y: Float64Array.from(spec.y),
    intercept: spec.intercept ?? true,
    predictors,
    x: Float64Array.from(
      { length: rows * predictors.length },
      (_, i) => spec.x![predictors[i % predictors.length]!]![Math.floor(i / predictors.length)]!,
    ),
    ...(spec.offset && { offset: spec.offset }),
    ...(spec.trials && { trials: spec.trials }),
    ...(spec.categories && { categories: Array.from({ length: spec.categories }, (_, k) => `${k + 1}`) }),
    groups,
    priors: {
      intercept: thresholds > 0 ? FLAT : around,
      thresholds: new Array<Prior>(thresholds).fill(around),
      b: predictors.map(() => FLAT),
      sd: groups.map(({ coefficients }) => coefficients.map(() => half)),
      cor: groups.map(() => 1),
      sigma: half,
      nu: { kind: "gamma", shape: 2, rate: 0.1 },
      phi: { kind: "gamma", shape: 0.01, rate: 0.01 },
      ...spec.priors,
    },
  };
}

export type GeneralShape = "slopes" | "uncorrelated" | "nested" | "crossed" | "dense" | "siblings";

/** 60 rows and two predictors on different scales; priors of several kinds; whatever the family and the shape of the groups. */
export function generalDesign(family: Family, shape: GeneralShape, rows = 60): Model {
  const z = numbers(6 * rows, 31);
  const a = z.subarray(0, rows).map((v) => 2 + v);
  const b = z.subarray(rows, 2 * rows).map((v) => 0.3 * v);
  const one = a.map(() => 1);
  const user = Array.from({ length: rows }, (_, i) => Math.floor(i / 7));
  const talk = user.map((u, i) => `${u}_${Math.floor((i % 7) / 3)}`);
  const topic = user.map((u, i) => `${u}_${i % 2}`);
  const item = user.map((_, i) => `m${(5 * i) % 4}`);
  const slopes = { Intercept: one, a };
  const shapes: Record<GeneralShape, readonly GroupSpec[]> = {
    slopes: [{ name: "user", of: user, columns: { ...slopes, b } }],
    uncorrelated: [{ name: "user", of: user, columns: slopes, correlated: false }],
    nested: [
      { name: "talk", of: talk, columns: { Intercept: one, b } },
      { name: "user", of: user, columns: slopes },
      { name: "all", of: user.map((u) => u % 3) },
    ],
    crossed: [
      { name: "user", of: user, columns: slopes },
      { name: "item", of: item, columns: { b } },
    ],
    dense: [
      { name: "user", of: user },
      { name: "item", of: item, columns: slopes },
    ],
    siblings: [
      { name: "user", of: user },
      { name: "talk", of: talk },
      { name: "topic", of: topic },
    ],
  };
  const groups = shapes[shape];
  const { draw, parameters } = familyOf(family);
  const known = { sigma: 0.7, nu: 4, phi: 12 };
  const aux = [
    ...parameters.map((name) => known[name]),
    ...(family === "cumulative" ? [-0.8, 0.3, 1.5] : []),
  ];
  const seed = seedFrom(77);
  const trials = a.map((_, i) => (family === "binomial" ? 1 + (i % 5) : 1));
  let at = 0;
  const random = {
    uniform: () => uniform(seed, 0, at++, 97),
    normal: () => numbers(1, 100_000 + at++)[0]!,
  };
  const y = a.map((v, i) => {
    const u =
      z[2 * rows + user[i]!]! +
      (shape === "dense" ? 3 * (((5 * i) % 4) - 1.5) + (v - 2) * [3, -3, -3, 3][(5 * i) % 4]! : 0);
    return draw(0.4 * (v - 2) - b[i]! + 0.6 * u, aux, trials[i]!, random);
  });
  const sds: readonly Prior[] = [
    { kind: "student_t", df: 3, location: 0, scale: 2.5 },
    { kind: "exponential", rate: 1 },
    { kind: "normal", mean: 0.2, sd: 1 },
  ];
  const model = generalModel({
    family,
    y,
    x: { a, b },
    groups,
    offset: z.subarray(3 * rows, 4 * rows).map((v) => 0.2 * v),
    trials,
    ...(family === "cumulative" && { categories: 4 }),
    priors: {
      b: [
        { kind: "normal", mean: 0.1, sd: 3 },
        { kind: "student_t", df: 4, location: 0.5, scale: 1.5 },
      ],
      sd: groups.map(({ columns = { one } }) => Object.keys(columns).map((_, k) => sds[k]!)),
      cor: groups.map((_, t) => 1 + t),
    },
  });
  return model;
}
