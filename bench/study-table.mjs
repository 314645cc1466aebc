// Bias, coverage and width of every coefficient over the data sets, and whether chance explains what is off.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { betaCdf } from "../packages/core/src/index.ts";

/** Nominal coverage of the intervals. */
export const NOMINAL = 0.9;

const published = (() => {
  const file = join(import.meta.dirname, "..", "fixtures", "paper", "paper-tables.json");
  const { table2, table3, table4 } = JSON.parse(readFileSync(file, "utf8"));
  const key = (row) => `${row.analysis} ${row.dv ?? ""} b_${row.term.replace("TRUE:", ":")}`;
  const all = table2.filter((row) => row.conversation_type === "all");
  return new Map([...all, ...table3, ...table4].map((row) => [key(row), row.est_error]));
})();

/** One row for each parameter of each regression; `sets`: [sets] of fits. */
export function summarizeStudy(sets) {
  const byParameter = new Map();
  for (const { fits } of sets) {
    for (const { analysis, response, parameters } of fits) {
      for (const parameter of parameters) {
        const key = `${analysis} ${response} ${parameter.variable}`;
        const row = byParameter.get(key) ?? { analysis, response, variable: parameter.variable, all: [] };
        row.all.push(parameter);
        byParameter.set(key, row);
      }
    }
  }
  return [...byParameter.values()].map(({ analysis, response, variable, all }) => {
    const errors = all.map(({ estimate, truth }) => estimate - truth);
    const bias = meanOf(errors);
    const biasSe = standardError(errors);
    const widths = all.map(({ q5, q95 }) => q95 - q5);
    const inside = all.filter(({ q5, q95, truth }) => q5 <= truth && truth <= q95).length;
    const dv = analysis === "3" ? response : "";
    return {
      analysis,
      response,
      variable,
      /** Of analysis 2 the mean: it depends on how many raters are of a group. */
      truth: meanOf(all.map(({ truth }) => truth)),
      sets: all.length,
      bias,
      bias_se: biasSe,
      bias_p: twoSidedT(bias / biasSe, errors.length - 1),
      rmse: Math.sqrt(meanOf(errors.map((e) => e * e))),
      inside,
      coverage: inside / all.length,
      coverage_se: Math.sqrt((NOMINAL * (1 - NOMINAL)) / all.length),
      coverage_p: twoSidedBinomial(inside, all.length),
      width: meanOf(widths),
      width_se: standardError(widths),
      sd: meanOf(all.map(({ sd }) => sd)),
      /** PAPER's standard error of the same coefficient, for the size. */
      published_error: published.get(`${analysis} ${dv} ${variable}`) ?? null,
    };
  });
}

/** Over all coefficients: how many are off, beside how many chance would put there. */
export function verdict(rows) {
  const counted = rows.filter((row) => row.variable.startsWith("b_"));
  const n = counted.length;
  const at = (field, limit) => counted.filter((row) => row[field] < limit).length;
  const inside = counted.reduce((sum, row) => sum + row.inside, 0);
  const total = counted.reduce((sum, row) => sum + row.sets, 0);
  const least = (field) => counted.reduce((a, b) => (b[field] < a[field] ? b : a));
  return {
    coefficients: n,
    inside,
    total,
    coverage: inside / total,
    bias_below_05: at("bias_p", 0.05),
    bias_expected_05: 0.05 * n,
    least_bias: least("bias_p"),
    least_coverage: least("coverage_p"),
    /** Holm's first step: off by more than chance explains at 5% for the whole family. */
    outside: counted.filter((row) => Math.min(row.bias_p, row.coverage_p) < 0.05 / (2 * n)),
    /** Intervals of one coefficient that hold the truth: fewer than this in so many data sets are outside chance. */
    least_inside: leastInside(counted[0].sets, 0.05 / (2 * n)),
  };
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a mean over data sets. */
function standardError(values) {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** P(|T| >= |t|), T of Student's t: the regularised incomplete beta at df / (df + t^2). */
function twoSidedT(t, df) {
  return Number.isFinite(t) ? betaCdf(df / (df + t * t), df / 2, 0.5) : 1;
}

/** P that a binomial count of n at NOMINAL is no likelier than k: the sum over counts with at most its probability. */
function twoSidedBinomial(k, n) {
  const p = [];
  for (let i = 0; i <= n; i++) {
    p.push(i === 0 ? (1 - NOMINAL) ** n : (p[i - 1] * (n - i + 1) * NOMINAL) / (i * (1 - NOMINAL)));
  }
  return Math.min(
    p.filter((value) => value <= p[k] * (1 + 1e-9)).reduce((sum, value) => sum + value, 0),
    1,
  );
}

/** The least count of n whose two-sided p is not below a limit. */
function leastInside(n, limit) {
  for (let k = 0; k <= n; k++) if (twoSidedBinomial(k, n) >= limit) return k;
  return n;
}

export function markdownTable(rows) {
  const digits = (row) => Math.min(Math.max(1 - Math.floor(Math.log10(row.bias_se || 1)), 2), 5);
  return [
    "| analysis | coefficient | truth | bias (SE) | RMSE | coverage of 90% (SE) | mean width (SE) | mean posterior sd | PAPER's error |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ...rows.map((row) => {
      const d = digits(row);
      const name = row.analysis === "3" ? `3 ${row.response}` : row.analysis;
      const cells = [
        name,
        `\`${row.variable}\``,
        Number(row.truth.toPrecision(3)),
        `${row.bias.toFixed(d)} (${row.bias_se.toFixed(d)})`,
        row.rmse.toFixed(d),
        `${row.inside} of ${row.sets}: ${row.coverage.toFixed(2)} (${row.coverage_se.toFixed(2)})`,
        `${row.width.toFixed(d)} (${row.width_se.toFixed(d)})`,
        row.sd.toFixed(d),
        row.published_error ?? "",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}
