import { coefficientFigure } from "../figures/coefficients.ts";
import { coefficientsOf, levelFigure, levelsOf } from "../figures/levels.ts";
import { colourOf } from "../figures/style.ts";
import type { ReportData, ReportRun } from "../report-data.ts";
import { decimals, fixed, whole } from "../rounding.ts";
import {
  answer,
  coverageSentence,
  divergencesKnown,
  list,
  type Panel,
  panelsOf,
  responseOf,
  scaleName,
  termName,
  verdict,
} from "../sentences.ts";
import { el, responsiveFigure, section, slug } from "./dom.ts";
import { importedFacts, methodSentence } from "./imported.ts";
import { type Cell, dataTable } from "./table.ts";

const simulatedIn = (runs: readonly ReportRun[]): boolean => runs.some((run) => run.manifest.simulated);

const num = (value: number | null | undefined, digits: number, mark?: string): Cell => ({
  text: fixed(value, digits),
  value: value ?? undefined,
  mark,
});

export function found(data: ReportData): HTMLElement {
  return section(
    "found",
    "What was found",
    ...panelsOf(data.runs).map((panel) =>
      el("p", { class: "lead" }, el("a", { href: `#${panelId(panel)}` }, answer(panel))),
    ),
  );
}

const panelId = (panel: Panel): string => `coefficients-${slug(panel.response)}-${panel.family}`;

export function coefficients(panel: Panel): HTMLElement {
  const simulated = simulatedIn(panel.runs);
  const truth = coverageSentence(panel.runs);
  const legend =
    panel.runs.length > 1 &&
    el(
      "ul",
      { class: "legend", "aria-label": "Subsets" },
      ...panel.runs.map((run, i) => {
        const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.background = colourOf(i);
        return el(
          "li",
          {},
          swatch,
          run.manifest.imported
            ? run.manifest.label
            : `${run.manifest.label} (${whole(run.manifest.data.rows_used)} rows)`,
        );
      }),
    );
  const caption =
    `${simulated ? "SIMULATED data. " : ""}Each density is the posterior of a coefficient of ${panel.response} in ${scaleName(panel.family)}: point at the median, thick line the 50% and thin line the 90% interval${truth ? "; a cross marks the simulated truth" : ""}. ${answer(panel)} ${truth}`.trim();
  return section(
    panelId(panel),
    `Coefficients of ${panel.response}`,
    legend,
    responsiveFigure(
      `Coefficients of ${panel.response} with their posteriors; the table below has the numbers`,
      caption,
      (width) => coefficientFigure(panel, width, simulated),
    ),
    coefficientTable(panel),
  );
}

function coefficientTable(panel: Panel): HTMLElement {
  const withTruth = panel.runs.some((run) => run.manifest.truth);
  const names = [...new Set(panel.runs.flatMap((run) => Object.keys(run.summary.variables)))].filter(
    (name) => !name.startsWith("r_"),
  );
  const rows = names.flatMap((name) =>
    panel.runs.flatMap((run): Cell[][] => {
      const v = run.summary.variables[name];
      if (v === undefined) return [];
      const d = decimals(v);
      const truth = run.manifest.truth?.[name];
      const missed =
        truth !== undefined && v.q5 !== null && v.q95 !== null && (truth < v.q5 || truth > v.q95);
      return [
        [
          { text: name.startsWith("b_") ? termName(name) : name },
          { text: run.manifest.label },
          num(v.median, d),
          num(v.sd, d),
          num(v.q5, d),
          num(v.q95, d),
          ...(withTruth ? [num(truth, 3, missed ? "missed" : undefined)] : []),
          num(v.rhat, 3, v.rhat !== null && v.rhat > 1.01 ? "warn" : undefined),
          { text: whole(v.ess_bulk), value: v.ess_bulk ?? undefined },
          { text: whole(v.ess_tail), value: v.ess_tail ?? undefined },
        ],
      ];
    }),
  );
  const heads = [
    "Median",
    "Est. error",
    "5%",
    "95%",
    ...(withTruth ? ["Truth"] : []),
    "R-hat",
    "Bulk ESS",
    "Tail ESS",
  ];
  return dataTable(
    `${panel.response}: medians, standard deviations and 90% intervals (5% to 95%) of all parameters${withTruth ? "; a truth outside its interval is marked" : ""}`,
    slug(panelId(panel)),
    [
      { name: "Parameter", numeric: false },
      { name: "Fit", numeric: false },
      ...heads.map((name) => ({ name, numeric: true })),
    ],
    rows,
  );
}

/** Effects of the levels of small factors, from each panel's first run. */
export function groups(data: ReportData): HTMLElement | undefined {
  const figures = panelsOf(data.runs).flatMap((panel) => {
    const run = panel.runs[0]!;
    const terms = run.manifest.groups.flatMap(({ name, levels }) =>
      coefficientsOf(run, name).map((coefficient) => ({ group: name, count: levels, coefficient })),
    );
    return terms.flatMap(({ group, count, coefficient }) => {
      const levels = levelsOf(run, group, coefficient);
      if (levels.length < 2) return [];
      const name = coefficient === "Intercept" ? group : `${group}, ${coefficient}`;
      const clear = levels.filter((l) => l.q5 > 0 || l.q95 < 0).length;
      const top = levels[0]!;
      const caption = `${run.manifest.simulated ? "SIMULATED data. " : ""}Effects of the ${count} levels of ${group} on ${coefficient === "Intercept" ? "" : `${coefficient} in `}${panel.response} (${run.manifest.label}), medians with 90% intervals: ${clear} of them are clear of 0; the highest is ${top.level} (${fixed(top.median, 2)}).`;
      return [
        el("h3", {}, `${name} in ${panel.response}`),
        responsiveFigure(`Effects of the levels of ${name}`, caption, (width) =>
          levelFigure(levels, scaleName(panel.family), width, run.manifest.simulated),
        ),
        el(
          "details",
          {},
          el("summary", {}, `The numbers: ${name}`),
          dataTable(
            `Effects of the levels of ${name} on ${panel.response}`,
            slug(`${name}-${panel.response}`),
            [
              { name: "Level", numeric: false },
              ...["Median", "5%", "95%"].map((n) => ({ name: n, numeric: true })),
            ],
            levels.map((l) => [{ text: l.level }, num(l.median, 3), num(l.q5, 3), num(l.q95, 3)]),
          ),
        ),
      ];
    });
  });
  return figures.length > 0 ? section("groups", "Effects of the groups", ...figures) : undefined;
}

export function diagnostics(data: ReportData): HTMLElement {
  const warnings = data.runs.flatMap((run) =>
    run.diagnostics.warnings.map((w) => el("li", {}, `${runName(run)}: ${w}`)),
  );
  const worst = (x: { variable: string; value: number } | null, digits: number): Cell => ({
    text: x ? `${fixed(x.value, digits)} (${x.variable})` : "–",
    value: x?.value,
  });
  return section(
    "diagnostics",
    "Can the draws be trusted?",
    el("p", { class: "lead" }, verdict(data.runs)),
    warnings.length > 0 && el("ul", { class: "warnings" }, ...warnings),
    dataTable(
      "Diagnostics of each fit",
      "diagnostics",
      [
        { name: "Fit", numeric: false },
        ...[
          "Largest R-hat",
          "Least bulk ESS",
          "Least tail ESS",
          "Divergent",
          "Least E-BFMI",
          "Acceptance",
          "Step angle",
          "Gradients/draw",
          "Set-up s",
          "Warm-up s",
          "Sampling s",
          "Total s",
        ].map((name) => ({ name, numeric: true })),
      ],
      data.runs.map((run) => {
        const d = run.diagnostics;
        const s = run.summary.seconds;
        return [
          { text: runName(run) },
          worst(d.max_rhat, 3),
          worst(d.min_ess_bulk, 0),
          worst(d.min_ess_tail, 0),
          num(divergencesKnown(run) ? d.divergences : null, 0),
          num(
            d.ebfmi?.reduce((least, value) => Math.min(least, value)),
            2,
          ),
          num(d.acceptance, 2),
          num(d.step_size, 2),
          num(d.gradients_per_draw, 1),
          num(s.setup, 2),
          num(s.warmup, 2),
          num(s.sampling, 2),
          num(s.total, 2),
        ];
      }),
    ),
  );
}

export const runName = (run: ReportRun): string => `${responseOf(run)}, ${run.manifest.label}`;

export function flow(data: ReportData): HTMLElement | undefined {
  if (!data.flow) return undefined;
  const { steps, notes } = data.flow;
  const most = Math.max(...steps.map((s) => s.responses), 1);
  const head = ["Step", "Users", "Conversations", "Responses", "", "Dropped", "Paper"];
  const last = steps.at(-1);
  return section(
    "flow",
    "Where the data come from",
    last &&
      el(
        "p",
        { class: "lead" },
        `${whole(last.responses)} responses in ${whole(last.conversations)} conversations of ${whole(last.users)} users were analysed${steps[0] && steps[0] !== last ? `, of ${whole(steps[0].responses)} responses read` : ""}.`,
      ),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Flow of the data" },
      el(
        "table",
        {},
        el(
          "caption",
          {},
          "What was kept at each step, and why the rest was dropped; the paper's counts beside it",
        ),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ...head.map((h, k) => el("th", { scope: "col", ...(k > 0 && { class: "number" }) }, h)),
          ),
        ),
        el(
          "tbody",
          {},
          ...steps.map((step) => {
            const bar = el("span", { class: "bar", "aria-hidden": "true" });
            bar.style.width = `${(100 * step.responses) / most}%`;
            const paper = [
              ["users", step.paper?.users],
              ["conversations", step.paper?.conversations],
              ["responses", step.paper?.responses],
            ].flatMap(([what, n]) => (n === undefined ? [] : [`${whole(n as number)} ${what}`]));
            return el(
              "tr",
              {},
              el("th", { scope: "row" }, step.step, el("span", { class: "reason" }, step.reason)),
              el("td", { class: "number" }, whole(step.users)),
              el("td", { class: "number" }, whole(step.conversations)),
              el("td", { class: "number" }, whole(step.responses)),
              el("td", { class: "bars" }, bar),
              el("td", { class: "number" }, whole(step.dropped.responses)),
              el("td", { class: "number" }, list(paper)),
            );
          }),
        ),
      ),
    ),
    notes.length > 0 && el("ul", {}, ...notes.map((note) => el("li", {}, note))),
  );
}

export function manifest(data: ReportData): HTMLElement {
  return section(
    "methods",
    "Methods",
    el(
      "p",
      {},
      `${methodSentence(data)} Estimates are posterior medians, est. error is the posterior standard deviation, and intervals run from the 5% to the 95% quantile (90% intervals). R-hat is the rank-normalised split R-hat, and ESS the bulk and tail effective sample size, of Vehtari et al. (2021, doi:10.1214/20-BA1221).`,
    ),
    ...data.runs.map((run, i) => {
      const m = run.manifest;
      const facts: readonly (readonly [string, string])[] = m.imported
        ? importedFacts(m, m.imported)
        : [
            ["Formula", m.formula],
            ["Family", m.family],
            [
              "Data",
              `${m.data.file}, ${whole(m.data.rows_used)} of ${whole(m.data.rows)} rows${m.simulated ? ", SIMULATED" : ""}`,
            ],
            ["Data's SHA-256", m.data.sha256],
            ["Groups", m.groups.map((g) => `${g.name} (${whole(g.levels)})`).join(", ") || "none"],
            [
              "Priors",
              Object.entries(m.priors)
                .map(([name, prior]) => `${name} ~ ${prior}`)
                .join("; "),
            ],
            [
              "Draws",
              `${m.chains} chains x ${whole(m.draws)} after ${whole(m.warmup)} of warm-up, seed ${m.seed}`,
            ],
            [
              "Engine",
              `${m.engine}, ${m.density} density, ${m.threads} ${m.threads === 1 ? "thread" : "threads"}, Node ${m.node}`,
            ],
            ["Made", m.created],
          ];
      return el(
        "details",
        { ...(i === 0 && { open: "" }) },
        el("summary", {}, runName(run)),
        el("dl", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      );
    }),
  );
}
