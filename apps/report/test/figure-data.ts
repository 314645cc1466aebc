import type {
  DataOverview,
  Estimated,
  ModelChecks,
  PlanFitResult,
  PlanResults,
  RunManifest,
  SensitivityRow,
  TableRow,
  VariableSummary,
} from "@bridgewise/core";
import { mean, quantileSorted, standardDeviation } from "@bridgewise/core";
import type { PosteriorShape, ReportData, ReportRun } from "../src/report-data.ts";
import { shapeOf } from "../src/shape.ts";
import { makeRun } from "./runs.ts";

/** Made-up numbers for figures: the shapes of a whole plan's output, of draws of a seeded generator. They stand for nothing. */

/** mulberry32: small, seeded, good enough for test data. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = (seed: number) => {
  const uniform = generator(seed);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
};

export const TERMS = [
  "REASONING_NUANCE",
  "RESPECT",
  "CURIOSITY",
  "COMPASSION",
  "PERSONAL_STORY",
  "AFFINITY",
  "TOXICITY",
];
export const SUBSETS = ["all", "unguided", "value guided", "controversy guided"];
const MODERATORS = ["younger", "male", "white", "high_values"];
const CENTRES = [1.04, -0.1, 0.32, -0.1, -0.44, 0.13, 0.73];
const MODELS = [
  "gpt-4",
  "claude-2",
  "meta-llama/Llama-2-7b-chat-hf",
  "OpenAssistant/oasst-sft-4-pythia-12b-epoch-3.5",
  "zephyr-7b",
  "palm",
];

interface Made {
  readonly summary: VariableSummary;
  readonly shape: PosteriorShape;
}

function posterior(seed: number, centre: number, sd: number): Made {
  const { normal } = random(seed);
  const draws = Float64Array.from({ length: 800 }, () => centre + sd * normal());
  const sorted = draws.toSorted();
  const q = (p: number): number => quantileSorted(sorted, p);
  return {
    summary: {
      mean: mean(draws),
      median: q(0.5),
      sd: standardDeviation(draws),
      mad: standardDeviation(draws),
      q5: q(0.05),
      q95: q(0.95),
      rhat: 1 + 0.002 * generator(seed + 1)(),
      ess_bulk: 2000 + 2000 * generator(seed + 2)(),
      ess_tail: 1500 + 2000 * generator(seed + 3)(),
      mcse_mean: sd / 50,
    },
    shape: shapeOf(draws)!,
  };
}

interface Wanted {
  readonly id: string;
  readonly analysis: string;
  readonly title: string;
  readonly role?: PlanFitResult["role"];
  readonly subset?: string;
  readonly dv?: string;
  readonly label?: string;
  readonly formula: string;
  readonly family: "bernoulli" | "gaussian";
  readonly centres: Readonly<Record<string, number>>;
  readonly sd?: number;
}

function makeFit(wanted: Wanted, seed: number, simulated: boolean): { run: ReportRun; fit: PlanFitResult } {
  const { id, analysis, title, formula, family, centres, sd = 0.1 } = wanted;
  const made = Object.entries({ b_Intercept: -1, ...centres, sd_model_name__Intercept: 0.4 }).map(
    ([name, centre], i) => [name, posterior(1000 * seed + 10 * i, centre, sd)] as const,
  );
  const levels = MODELS.map((name, i) => [
    `r_model_name[${name},Intercept]`,
    posterior(1000 * seed + 500 + 10 * i, 0.5 - 0.2 * i, 0.1).summary,
  ]);
  const label = wanted.label ?? wanted.subset ?? "all";
  const manifest: Partial<RunManifest> = {
    formula,
    family,
    simulated,
    groups: [{ name: "model_name", levels: MODELS.length }],
    ...(simulated && { truth: centres }),
  };
  const { truth: _, ...made_ } = makeRun(label, {
    manifest,
    variables: Object.fromEntries([...made.map(([n, m]) => [n, m.summary]), ...levels]),
  }).manifest;
  const base = makeRun(label, {
    manifest,
    variables: Object.fromEntries([...made.map(([n, m]) => [n, m.summary]), ...levels]),
  });
  return {
    run: {
      ...base,
      manifest: simulated ? base.manifest : made_,
      id,
      diagnostics: { ...base.diagnostics, ebfmi: [0.98, 1.02, 0.91, 1.05] },
      shapes: Object.fromEntries(made.map(([name, m]) => [name, m.shape])),
    },
    fit: {
      ...{ id, analysis, title, role: wanted.role ?? "paper", label, subset: wanted.subset ?? "all" },
      ...{ dv: wanted.dv ?? null, formula, family, run: `runs/${id}`, rows: 90, seconds: 1, cached: false },
      ...{ notes: [], warnings: [], variation: null },
    },
  };
}

const coefficients = (centres: readonly number[], suffix = ""): Record<string, number> =>
  Object.fromEntries(TERMS.map((term, i) => [`b_${term}${suffix}`, centres[i]!]));

function wantedFits(): Wanted[] {
  const right = `${TERMS.join(" + ")} + (1 | user_id/conversation_id) + (1 | model_name)`;
  const both = (["1a", "1b"] as const).flatMap((analysis) => {
    const formula = `${analysis === "1a" ? "highest" : "log_score"} ~ ${right}`;
    const family = analysis === "1a" ? ("bernoulli" as const) : ("gaussian" as const);
    const title = analysis === "1a" ? "Which response is chosen" : "How high the score is";
    return [
      ...SUBSETS.map(
        (subset, k): Wanted => ({
          ...{ id: `${analysis}-${subset.replace(" ", "-")}`, analysis, title, subset, formula, family },
          centres: coefficients(CENTRES.map((c) => c * (1 + 0.2 * k))),
          sd: 0.08 + 0.05 * k,
        }),
      ),
      ...["without the model effect", "user effects alone"].map(
        (label, k): Wanted => ({
          ...{
            id: `${analysis}-extra-${k}`,
            analysis: `${analysis}-extra-${k}`,
            title: label,
            role: "extra",
          },
          ...{ label, formula, family, centres: coefficients(CENTRES.map((c) => c * 0.9)), sd: 0.1 },
        }),
      ),
    ];
  });
  const moderation: Wanted = {
    ...{ id: "2", analysis: "2", title: "Who prefers what", family: "gaussian", sd: 0.05 },
    formula: `log_score ~ (${TERMS.join(" + ")}) * (${MODERATORS.join(" + ")})`,
    centres: {
      ...coefficients(CENTRES),
      ...Object.fromEntries(MODERATORS.map((m) => [`b_${m}TRUE`, 0.05])),
      ...Object.fromEntries(
        MODERATORS.flatMap((m, j) => TERMS.map((t, i) => [`b_${t}:${m}TRUE`, 0.1 * ((i + j) % 3) - 0.1])),
      ),
    },
  };
  const mirrored = TERMS.map(
    (dv, k): Wanted => ({
      ...{ id: `3-${dv}`, analysis: "3", title: "What prompts bring", dv, family: "gaussian", sd: 0.01 },
      formula: `${dv} ~ ${TERMS.map((t) => `${t}_human`).join(" + ")} + (1 | user_id)`,
      centres: coefficients(
        TERMS.map((_, i) => (i === k ? 0.3 : 0.02 * ((i + k) % 4) - 0.02)),
        "_human",
      ),
    }),
  );
  return [...both, moderation, ...mirrored];
}

const estimated = (v: VariableSummary): Estimated => ({
  ...{ estimate: v.mean!, est_error: v.sd!, ci_lower: v.q5!, ci_upper: v.q95! },
  ...{ evidence_ratio: "Inf", post_prob: 1, star: "*", draws: 800 },
});

function tableRow(run: ReportRun, fit: PlanFitResult, variable: string): TableRow {
  const ours = estimated(run.summary.variables[variable]!);
  const term = variable.slice(2);
  const published: TableRow["published"] = {
    ...{
      term,
      direction: ">" as const,
      estimate: ours.estimate + 0.5 * ours.est_error,
      est_error: ours.est_error,
    },
    ...{ ci_lower: ours.ci_lower + 0.5 * ours.est_error, ci_upper: ours.ci_upper + 0.5 * ours.est_error },
    ...{ evidence_ratio: null, post_prob: 1, star: "*", analysis: fit.analysis },
  };
  return {
    ...{ analysis: fit.analysis, conversation_type: fit.subset, dv: fit.dv, term, direction: ">", ours },
    published: fit.role === "paper" ? published : null,
    ...{ fit: fit.id, variable, difference_se: fit.role === "paper" ? -0.35 : null, explanation: null },
    plus_tenth: { kind: "odds ratio", ratio: 1.1, lower: 1, upper: 1.2, paper_percent: 10 },
  };
}

function sensitivity(runs: ReadonlyMap<string, ReportRun>): SensitivityRow[] {
  const kinds = [
    ...MODELS.map(
      (name) => ({ kind: "leave-one-out", label: `without ${name}`, value: name, factor: 1 }) as const,
    ),
    { kind: "priors", label: "b ~ normal(0, 1)", value: null, factor: 0.99 } as const,
    { kind: "priors", label: "b ~ student_t(3, 0, 2.5)", value: null, factor: 1 } as const,
    { kind: "ties", label: "every best score", value: null, factor: 0.95 } as const,
    ...[0.02, 0.05, 0.1].flatMap((value) =>
      [1, 2].map(
        (s) =>
          ({
            kind: "noise",
            label: `noise of sd ${value}, seed ${s}`,
            value,
            factor: 1 / (1 + 20 * value ** 2 * s),
          }) as const,
      ),
    ),
  ];
  return ["1a", "1b"].flatMap((analysis, a) =>
    kinds.flatMap(({ factor, ...variation }, k) =>
      TERMS.map((term, i): SensitivityRow => {
        const base = runs.get(`${analysis}-all`)!.summary.variables[`b_${term}`]!;
        const { draws: _, ...ours } = estimated(
          posterior(7_000_000 + 1000 * k + 10 * i + a, base.mean! * factor, base.sd!).summary,
        );
        return {
          ...{
            fit: `${analysis}-s${k}`,
            analysis,
            variation: { ...variation, base: `${analysis}-all` },
            term,
          },
          ...{ variable: `b_${term}`, ours, base: { estimate: base.mean!, est_error: base.sd! } },
          attenuation: variation.kind === "noise" ? ours.estimate / base.mean! : null,
        };
      }),
    ),
  );
}

function overview(simulated: boolean): DataOverview {
  const names = [
    "AFFINITY",
    "COMPASSION",
    "CURIOSITY",
    "NUANCE",
    "PERSONAL_STORY",
    "REASONING",
    "RESPECT",
    "TOXICITY",
    "REASONING_NUANCE",
  ];
  return {
    format: "bridgewise-overview/1",
    ...{ simulated, rows: 360 },
    attributes: names.flatMap((name, i) =>
      [name, `${name}_human`].map((own, h) => ({
        name: own,
        parts: SUBSETS.map((subset, k) => {
          const peak = 0.15 + 0.07 * i + 0.04 * k + 0.03 * h;
          const counts = Array.from({ length: 40 }, (_, b) =>
            Math.round(200 * Math.exp(-0.5 * (((b + 0.5) / 40 - peak) / 0.12) ** 2)),
          );
          const n = counts.reduce((a, b) => a + b);
          return {
            ...{
              subset,
              n,
              mean: peak,
              sd: 0.12,
              quantiles: [-1.645, -0.674, 0, 0.674, 1.645].map((z) =>
                Math.min(1, Math.max(0, peak + 0.12 * z)),
              ),
            },
            histogram: { from: 0, to: 1, counts },
          };
        }),
      })),
    ),
    correlations: {
      names,
      matrix: names.map((_, i) => names.map((__, j) => (i === j ? 1 : ((i * j) % 7) / 10 - 0.2))),
    },
    raters: [
      {
        question: "Age",
        counts: [
          "18-24 years old",
          "25-34 years old",
          "35-44 years old",
          "45-54 years old",
          "Prefer not to say",
        ].map((answer, i) => ({ answer, users: 400 - 60 * i })),
      },
      {
        question: "Gender",
        counts: [
          { answer: "Male", users: 700 },
          { answer: "Female", users: 670 },
          { answer: "Non-binary / third gender", users: 20 },
        ],
      },
    ],
    models: MODELS.map((name, i) => ({
      name,
      responses: 60,
      mean_score: 75 - 4 * i,
      chosen: 0.45 - 0.04 * i,
    })),
  };
}

const between = (estimate: number, error: number) => ({
  estimate,
  error,
  lower: estimate - 2 * error,
  upper: estimate + 2 * error,
});

function checks(kind: "binary" | "continuous"): ModelChecks {
  const x = Array.from({ length: 60 }, (_, i) => -3 + i / 10);
  const bell = (shift: number): number[] => x.map((v) => Math.exp(-0.5 * (v - shift) ** 2) / 2.5);
  const r2 = { conditional: between(0.3, 0.01), marginal: between(0.1, 0.01) };
  return {
    ...{
      rows: 90,
      draws: 800,
      replicates: 100,
      groups_drawn: [],
      r2: { bayes: r2, nakagawa: null },
      icc: null,
    },
    predictive: {
      statistics: [{ statistic: "mean", observed: 0.3, replicated: between(0.31, 0.01), p_value: 0.6 }],
      density: kind === "continuous" ? { x, y: bell(0), y_rep: [0.1, -0.1, 0.05, 0.2].map(bell) } : null,
      counts:
        kind === "binary"
          ? [
              { value: "0", observed: 63, replicated: between(62, 3) },
              { value: "1", observed: 27, replicated: between(28, 3) },
            ]
          : null,
      by_group: {
        group: "model_name",
        levels: MODELS.map((level, i) => ({
          level,
          rows: 15,
          observed: 0.4 - 0.03 * i,
          replicated: between(0.39 - 0.03 * i, 0.04),
          p_value: 0.4,
        })),
      },
      pit: { kind: "plain", counts: Array.from({ length: 20 }, (_, i) => 4 + (i % 3)), expected: 4.5 },
    },
    calibration:
      kind === "binary"
        ? {
            bins: Array.from({ length: 10 }, (_, i) => ({
              rows: 9,
              predicted: 0.15 + 0.05 * i,
              observed: 0.13 + 0.055 * i,
              lower: 0.05 + 0.05 * i,
              upper: 0.25 + 0.055 * i,
            })),
            ...{ brier: 0.19, log_score: -0.56 },
            reliability: {
              blocks: [
                { from: 0.1, to: 0.3, rows: 40, value: 0.2 },
                { from: 0.3, to: 0.7, rows: 50, value: 0.5 },
              ] as never,
              miscalibration: 0.001,
              discrimination: 0.02,
              uncertainty: 0.21,
            },
          }
        : null,
  };
}

const loo = (bad: number): NonNullable<ReportRun["loo"]> => ({
  ...{
    format: "bridgewise-loo/1",
    label: "all",
    formula: "",
    family: "bernoulli",
    run: null,
    r_eff_rule: "split",
  },
  ...{ data: { sha256: "0", y: "0" }, rows: 90, draws: 800, chains: 4 },
  ...{
    elpd_loo: { estimate: -50, se: 5 },
    p_loo: { estimate: 8, se: 1 },
    looic: { estimate: 100, se: 10 },
    mcse_elpd_loo: null,
  },
  ...{ k: { threshold: 0.66, good: 90 - bad, bad, very_bad: 0 }, waic: null, refitted: [], warnings: [] },
});

const ranks = (): NonNullable<ReportRun["ranks"]> => {
  const { uniform } = random(5);
  const one = (): number[][] =>
    Array.from({ length: 4 }, () => Array.from({ length: 20 }, () => 40 + Math.round(20 * uniform())));
  return { b_TOXICITY: one(), sd_model_name__Intercept: one() };
};

/** A whole plan's output. */
export function makeData({ simulated = true } = {}): ReportData {
  const made = wantedFits().map((wanted, i) => makeFit(wanted, i + 1, simulated));
  const runs = made.map(
    ({ run }): ReportRun =>
      run.id === "1a-all"
        ? { ...run, checks: checks("binary"), loo: loo(0), ranks: ranks() }
        : run.id === "1b-all"
          ? { ...run, checks: checks("continuous"), loo: loo(3) }
          : run,
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  const results: PlanResults = {
    format: "bridgewise-results/1",
    ...{
      bridgewise: "0.0.0",
      title: "Made up",
      source: null,
      plan: { file: "plan.yaml", sha256: "0" },
      simulated,
    },
    fits: made.map(({ fit }) => fit),
    skipped: [],
    rows: made.flatMap(({ run, fit }) =>
      Object.keys(run.shapes)
        .filter((name) => name.startsWith("b_") && name !== "b_Intercept")
        .map((name) => tableRow(run, fit, name)),
    ),
    comparisons: [
      {
        id: "model-effect",
        title: "With and without the model effect",
        fits: ["1b-all", "1b-extra-0"],
        elpd_diff: 480,
        se_diff: 29,
        published: { elpd_diff: 504.9, se_diff: 30.5 },
        caveats: [],
      },
    ],
    vifs: TERMS.map((term, i) => ({ fit: "1a-all", term, vif: 1 + 0.7 * i })),
    multiplicity: {
      hypotheses: 100,
      starred: 40,
      daggered: 10,
      starred_by_chance: 1,
      marked_by_chance: 9,
      expected_sign_errors: 0.1,
    },
    sensitivity: sensitivity(byId),
    recovery: null,
    phases: [],
  };
  return {
    ...{ title: "Made up", created: "", version: "0.0.0", runs, results, overview: overview(simulated) },
    flow: {
      steps: [
        {
          step: "PRISM",
          reason: "as published",
          users: 1396,
          conversations: 8011,
          responses: 68371,
          dropped: { users: 0, conversations: 0, responses: 0 },
          paper: { users: 1396, conversations: 8011 },
        },
        {
          step: "first turn",
          reason: "later turns are left out",
          users: 1396,
          conversations: 8011,
          responses: 30441,
          dropped: { users: 0, conversations: 0, responses: 37930 },
        },
        {
          step: "English",
          reason: "another language",
          users: 1394,
          conversations: 7960,
          responses: 30195,
          dropped: { users: 2, conversations: 51, responses: 246 },
          paper: { users: 1394, conversations: 7960 },
        },
      ],
      notes: [],
    },
  };
}
