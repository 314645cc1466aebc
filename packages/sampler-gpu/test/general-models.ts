import { readFileSync } from "node:fs";
import {
  defaultPriors,
  type Family,
  familyOf,
  type GroupTerm,
  type Model,
  type Prior,
} from "@bridgewise/core";
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

/** A model made by hand, with brms's default priors unless told otherwise. */
export function generalModel(spec: GeneralSpec): Model {
  const { family, offset, trials, categories, intercept = true } = spec;
  const y = Float64Array.from(spec.y);
  const predictors = Object.keys(spec.x ?? {});
  const groups = spec.groups.map(groupTerm);
  return {
    formula: "made by hand",
    family,
    rows: y.length,
    response: "y",
    y,
    intercept,
    predictors,
    x: Float64Array.from(
      { length: y.length * predictors.length },
      (_, i) => spec.x![predictors[i % predictors.length]!]![Math.floor(i / predictors.length)]!,
    ),
    ...(offset && { offset }),
    ...(trials && { trials }),
    ...(categories && { categories: Array.from({ length: categories }, (_, k) => `${k + 1}`) }),
    groups,
    priors: {
      ...defaultPriors({
        family,
        y,
        ...(offset && { offset }),
        intercept,
        predictors: predictors.length,
        groups,
        thresholds: (categories ?? 1) - 1,
      }),
      ...spec.priors,
    },
  };
}

export type GeneralShape = "slopes" | "uncorrelated" | "nested" | "crossed" | "dense" | "siblings" | "split";

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
    split: [
      { name: "user", of: user },
      { name: "user", of: user, columns: { a } },
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

type Table = (column: string) => string[];

/** A table of `fixtures/posteriors-general` or `fixtures/data` as columns of text. */
export function generalTable(name: string): Table {
  const lines = readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), "utf8")
    .trim()
    .split("\n");
  const rows = lines.map((line) => line.replaceAll('"', "").split(","));
  return (column) => {
    const at = rows[0]!.indexOf(column);
    if (at < 0) throw new Error(`no column ${column}`);
    return rows.slice(1).map((row) => row[at]!);
  };
}

function sleepstudy(family: Family, correlated: boolean): Model {
  const t = generalTable("data/sleepstudy.csv");
  const days = t("Days").map(Number);
  return generalModel({
    family,
    y: t("Reaction").map(Number),
    x: { Days: days },
    groups: [
      {
        name: "Subject",
        of: t("Subject"),
        columns: { Intercept: days.map(() => 1), Days: days },
        correlated,
      },
    ],
  });
}

/** The models of `fixtures/posteriors-general`, by its files' names. */
export const REFERENCE_MODELS: Readonly<Record<string, () => Model>> = {
  "sleepstudy-slopes": () => sleepstudy("gaussian", true),
  "sleepstudy-uncorrelated": () => sleepstudy("gaussian", false),
  "sleepstudy-student": () => sleepstudy("student_t", true),
  cbpp() {
    const t = generalTable("posteriors-general/cbpp.csv");
    const period = t("period");
    return generalModel({
      family: "binomial",
      y: t("incidence").map(Number),
      trials: Float64Array.from(t("size"), Number),
      x: Object.fromEntries(["2", "3", "4"].map((p) => [`period${p}`, period.map((v) => (v === p ? 1 : 0))])),
      groups: [{ name: "herd", of: t("herd") }],
    });
  },
  inhaler() {
    const t = generalTable("posteriors-general/inhaler.csv");
    return generalModel({
      family: "cumulative",
      y: t("rating").map(Number),
      categories: 4,
      x: Object.fromEntries(["treat", "period", "carry"].map((name) => [name, t(name).map(Number)])),
      groups: [{ name: "subject", of: t("subject") }],
    });
  },
  petrol() {
    const t = generalTable("posteriors-general/petrol.csv");
    return generalModel({
      family: "beta",
      y: t("yield").map(Number),
      x: { EP: t("EP").map(Number) },
      groups: [{ name: "crude", of: t("crude") }],
    });
  },
  oxboys() {
    const t = generalTable("posteriors-general/oxboys.csv");
    const age = t("age").map(Number);
    const age2 = t("age2").map(Number);
    return generalModel({
      family: "gaussian",
      y: t("height").map(Number),
      x: { age, age2 },
      groups: [{ name: "boy", of: t("boy"), columns: { Intercept: age.map(() => 1), age, age2 } }],
    });
  },
};
