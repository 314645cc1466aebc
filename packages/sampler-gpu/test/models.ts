import { readFileSync } from "node:fs";
import type { Family, GroupTerm, Model, Prior } from "@bridgewise/core";

const folder = new URL("../../../fixtures/", import.meta.url);

export interface Reference {
  readonly variables: Record<string, { mean: number; sd: number; mcse_mean: number; ess_bulk: number }>;
}

export const reference = (name: string): Reference =>
  JSON.parse(readFileSync(new URL(`posteriors/${name}.json`, folder), "utf8"));

const flat: Prior = { kind: "flat" };

function median(values: Float64Array): number {
  const v = values.toSorted();
  const m = v.length >> 1;
  return v.length % 2 === 1 ? v[m]! : (v[m - 1]! + v[m]!) / 2;
}

/** A small model made by hand, with brms's default priors unless told otherwise. */
export function makeModel(spec: {
  family: Family;
  y: ArrayLike<number>;
  x?: Record<string, ArrayLike<number>>;
  groups?: Record<string, ArrayLike<string | number>>;
  intercept?: boolean;
  b?: Prior;
  priors?: Partial<Model["priors"]>;
}): Model {
  const y = Float64Array.from(spec.y);
  const rows = y.length;
  const predictors = Object.keys(spec.x ?? {});
  const x = new Float64Array(rows * predictors.length);
  predictors.forEach((name, k) => {
    for (let i = 0; i < rows; i++) x[i * predictors.length + k] = spec.x![name]![i]!;
  });
  const groups = Object.entries(spec.groups ?? {}).map(([name, values]): GroupTerm => {
    const levels = [...new Set(Array.from(values, String))].sort();
    const code = new Map(levels.map((level, j) => [level, j]));
    return {
      name,
      levels,
      index: Int32Array.from(values, (v) => code.get(String(v))!),
      coefficients: ["Intercept"],
      correlated: false,
    };
  });
  const middle = median(y);
  const mad = 1.4826 * median(y.map((v) => Math.abs(v - middle)));
  const gaussian = spec.family === "gaussian";
  const scale = gaussian ? Math.max(2.5, Math.round(mad * 10) / 10) : 2.5;
  const location = gaussian ? Math.round(middle * 10) / 10 : 0;
  const half: Prior = { kind: "student_t", df: 3, location: 0, scale };
  return {
    formula: "made by hand",
    family: spec.family,
    rows,
    response: "y",
    y,
    intercept: spec.intercept ?? true,
    predictors,
    x,
    groups,
    priors: {
      intercept: { kind: "student_t", df: 3, location, scale },
      thresholds: [],
      b: predictors.map(() => spec.b ?? flat),
      sd: groups.map(() => [half]),
      cor: groups.map(() => 1),
      sigma: half,
      nu: flat,
      phi: flat,
      ...spec.priors,
    },
  };
}

type Table = (name: string) => string[];

/** A fixture as columns of text. */
export function table(name: string): Table {
  const lines = readFileSync(new URL(`data/${name}`, folder), "utf8")
    .replaceAll("\r", "")
    .trim()
    .split("\n");
  const rows = lines.map((line) => line.replaceAll('"', "").split(","));
  const header = rows[0]!;
  return (column) => {
    const at = header.indexOf(column);
    if (at < 0) throw new Error(`no column ${column}`);
    return rows.slice(1).map((row) => row[at]!);
  };
}

const is = (values: string[], level: string): number[] => values.map((v) => (v === level ? 1 : 0));
const paste = (a: string[], b: string[]): string[] => a.map((v, i) => `${v}_${b[i]}`);

export function verbAgg(): Model {
  const t = table("VerbAgg.csv");
  return makeModel({
    family: "bernoulli",
    y: is(t("r2"), "Y"),
    x: {
      Anger: t("Anger").map(Number),
      GenderM: is(t("Gender"), "M"),
      btypescold: is(t("btype"), "scold"),
      btypeshout: is(t("btype"), "shout"),
      situself: is(t("situ"), "self"),
    },
    groups: { id: t("id"), item: t("item") },
  });
}

export function pastes(): Model {
  const t = table("Pastes.csv");
  return makeModel({
    family: "gaussian",
    y: t("strength").map(Number),
    groups: { batch: t("batch"), "batch:cask": paste(t("batch"), t("cask")) },
  });
}

export function penicillin(): Model {
  const t = table("Penicillin.csv");
  return makeModel({
    family: "gaussian",
    y: t("diameter").map(Number),
    groups: { plate: t("plate"), sample: t("sample") },
  });
}

const ATTRIBUTES = [
  "REASONING_NUANCE",
  "RESPECT",
  "CURIOSITY",
  "COMPASSION",
  "PERSONAL_STORY",
  "AFFINITY",
  "TOXICITY",
];

export function prismLike(family: Family): Model {
  const t = table("prism-like.csv");
  const user = t("user_id");
  return makeModel({
    family,
    y: t(family === "gaussian" ? "log_score" : "highest").map(Number),
    x: Object.fromEntries(ATTRIBUTES.map((a) => [a, t(a).map(Number)])),
    groups: {
      user_id: user,
      "user_id:conversation_id": paste(user, t("conversation_id")),
      model_name: t("model_name"),
    },
    b: { kind: "normal", mean: 0, sd: 1e6 },
  });
}
