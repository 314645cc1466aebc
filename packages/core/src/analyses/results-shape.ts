import { FAMILIES } from "../family/index.ts";
import { numberOrInf } from "../hypothesis/hypotheses-shape.ts";
import {
  count,
  finite,
  flag,
  list,
  literal,
  nullable,
  object,
  oneOf,
  pair,
  type Shape,
  text,
} from "../run/shape.ts";
import type { Variation } from "./plan.ts";
import type {
  ElpdComparison,
  Estimated,
  Multiplicity,
  PlanFitResult,
  PlanResults,
  PublishedRow,
  SensitivityRow,
  TableRow,
  TenthEffect,
} from "./results.ts";

const textOrNumber: Shape<string | number> = (value, path) => {
  const wrong = typeof value === "string" ? null : finite(value, path);
  return wrong && { ...wrong, expected: "a text or a finite number" };
};

const direction = oneOf(">", "<");
const star = oneOf("*", "†", "");
const estimates = {
  estimate: finite,
  est_error: finite,
  ci_lower: finite,
  ci_upper: finite,
  evidence_ratio: nullable(numberOrInf),
  post_prob: finite,
  star,
};

const published = object<PublishedRow>(
  {
    term: text,
    direction,
    estimate: finite,
    est_error: finite,
    ci_lower: finite,
    ci_upper: finite,
    evidence_ratio: nullable(finite),
    post_prob: finite,
    star: text,
    analysis: text,
    conversation_type: text,
    dv: text,
  },
  ["conversation_type", "dv"],
);

const tableRow = object<TableRow>({
  analysis: text,
  conversation_type: text,
  dv: nullable(text),
  term: text,
  direction,
  published: nullable(published),
  ours: object<Estimated>({ ...estimates, draws: count }),
  fit: text,
  variable: text,
  difference_se: nullable(finite),
  explanation: nullable(text),
  plus_tenth: object<TenthEffect>({
    kind: oneOf("odds ratio", "score ratio", "difference"),
    ratio: finite,
    lower: finite,
    upper: finite,
    paper_percent: nullable(finite),
  }),
});

const variation = object<Variation>({
  kind: oneOf("priors", "ties", "leave-one-out", "noise", "other"),
  label: text,
  base: text,
  value: nullable(textOrNumber),
});

const fit = object<PlanFitResult>({
  id: text,
  analysis: text,
  title: text,
  role: oneOf("paper", "extra", "sensitivity"),
  label: text,
  subset: text,
  dv: nullable(text),
  formula: text,
  family: oneOf(...FAMILIES),
  run: text,
  rows: count,
  seconds: finite,
  cached: flag,
  notes: list(text),
  warnings: list(text),
  variation: nullable(variation),
});

const elpd = object<NonNullable<ElpdComparison["published"]>>({ elpd_diff: finite, se_diff: finite });

/** results.json */
export const resultsShape: Shape<PlanResults> = object<PlanResults>({
  format: literal("bridgewise-results/1"),
  bridgewise: text,
  title: text,
  source: nullable(text),
  plan: object<PlanResults["plan"]>({ file: text, sha256: text }),
  simulated: flag,
  fits: list(fit),
  skipped: list(object<PlanResults["skipped"][number]>({ id: text, analysis: text, reason: text })),
  rows: list(tableRow),
  comparisons: list(
    object<ElpdComparison>({
      id: text,
      title: text,
      fits: pair,
      elpd_diff: finite,
      se_diff: finite,
      published: nullable(elpd),
      caveats: list(text),
    }),
  ),
  vifs: list(object<PlanResults["vifs"][number]>({ fit: text, term: text, vif: finite })),
  multiplicity: object<Multiplicity>({
    hypotheses: count,
    starred: count,
    daggered: count,
    starred_by_chance: finite,
    marked_by_chance: finite,
    expected_sign_errors: finite,
  }),
  sensitivity: list(
    object<SensitivityRow>({
      fit: text,
      analysis: text,
      variation,
      term: text,
      variable: text,
      ours: object<SensitivityRow["ours"]>(estimates),
      base: object<SensitivityRow["base"]>({ estimate: finite, est_error: finite }),
      attenuation: nullable(finite),
    }),
  ),
  recovery: nullable(object<NonNullable<PlanResults["recovery"]>>({ inside: count, count })),
  phases: list(object<PlanResults["phases"][number]>({ phase: text, seconds: finite })),
});
