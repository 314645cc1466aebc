import { FAMILIES, familyOf, type VariableSummary } from "@bridgewise/core";
import type { ReportRun } from "./report-data.ts";
import { fixed } from "./rounding.ts";

/** Fits of the same response, family and terms: one panel, one line for each subset. */
export interface Panel {
  readonly response: string;
  readonly family: string;
  readonly runs: readonly ReportRun[];
  /** Coefficients without the intercept, in the model's order. */
  readonly terms: readonly string[];
}

/** What a formula explains, without what is known of it: `y | trials(n) ~` is y. */
export const responseIn = (formula: string): string =>
  formula
    .split("~")[0]!
    .replace(/\|\s*trials\(.*$/, "")
    .trim();

export const responseOf = (run: ReportRun): string => responseIn(run.manifest.formula);

export function panelsOf(runs: readonly ReportRun[]): Panel[] {
  const panels = new Map<string, ReportRun[]>();
  for (const run of runs) {
    const key = `${run.manifest.family}\n${responseOf(run)}`;
    panels.set(key, [...(panels.get(key) ?? []), run]);
  }
  return [...panels.values()].map((own) => ({
    response: responseOf(own[0]!),
    family: own[0]!.manifest.family,
    runs: own,
    terms: [...new Set(own.flatMap(termsOf))],
  }));
}

/** Coefficients; of another program's draws that have none by brms's names, the variables that are no array's elements. */
function termsOf({ manifest, summary }: ReportRun): string[] {
  const names = Object.keys(summary.variables);
  const coefficients = names.filter((name) => name.startsWith("b_") && !/^b_Intercept(\[\d+\])?$/.test(name));
  return coefficients.length > 0 || !manifest.imported
    ? coefficients
    : names.filter((name) => !name.includes("["));
}

/** The coefficient's scale in words. */
export function scaleName(name: string): string {
  if (name === "(imported)") return "its own units";
  if (name === "cumulative") return "log-odds of a higher category";
  const family = FAMILIES.find((known) => known === name);
  return family !== undefined && familyOf(family).link === "logit" ? "log-odds" : "units of the response";
}

export const termName = (variable: string): string => variable.replace(/^b_/, "").replaceAll("_", " ");

type Known = VariableSummary & { readonly median: number; readonly q5: number; readonly q95: number };

export function known(summary: VariableSummary | undefined): Known | undefined {
  return summary && summary.median !== null && summary.q5 !== null && summary.q95 !== null
    ? (summary as Known)
    : undefined;
}

/** What a panel shows, from its first run: which coefficients are clear of 0, the largest first. */
export function answer(panel: Panel): string {
  const run = panel.runs[0]!;
  const estimates = panel.terms.flatMap((term) => {
    const v = known(run.summary.variables[term]);
    return v ? [{ term, v }] : [];
  });
  const clear = estimates
    .filter(({ v }) => v.q5 > 0 || v.q95 < 0)
    .sort((a, b) => Math.abs(b.v.median) - Math.abs(a.v.median));
  // prose has two decimals, the table has what the Monte Carlo error supports
  const phrase = ({ term, v }: { term: string; v: Known }): string =>
    `${termName(term)} (${fixed(v.median, 2)}, 90% interval ${fixed(v.q5, 2)} to ${fixed(v.q95, 2)})`;
  // nothing is known of a response
  if (run.manifest.imported && clear.length > 0)
    return `Clear of 0 ${clear.length === 1 ? "is" : "are"} ${list(clear.map(phrase))}.`;
  const up = clear.filter(({ v }) => v.median > 0);
  const down = clear.filter(({ v }) => v.median < 0);
  const parts = [
    up.length > 0 ? `rises with ${list(up.map(phrase))}` : "",
    down.length > 0 ? `falls with ${list(down.map(phrase))}` : "",
  ].filter((p) => p !== "");
  const who = panel.runs.length > 1 ? ` (${run.manifest.label})` : "";
  if (run.manifest.prior_only)
    return `${panel.response}${who}: draws of the prior alone, which say nothing of the data.`;
  if (parts.length === 0) return `In ${panel.response}${who}, no coefficient's 90% interval is clear of 0.`;
  const unclear = estimates.length - clear.length;
  return `${panel.response}${who} ${parts.join("; it ")}.${unclear > 0 ? ` The other ${unclear === 1 ? "coefficient is" : `${unclear} coefficients are`} not clear of 0.` : ""}`;
}

/** How many parameters with a known truth have it in their 90% interval, over the panel's runs. */
export function coverage(runs: readonly ReportRun[]): { inside: number; count: number } {
  let inside = 0;
  let count = 0;
  for (const run of runs) {
    for (const [name, truth] of Object.entries(run.manifest.truth ?? {})) {
      const v = known(run.summary.variables[name]);
      if (!v) continue;
      count++;
      if (v.q5 <= truth && truth <= v.q95) inside++;
    }
  }
  return { inside, count };
}

export function coverageSentence(runs: readonly ReportRun[]): string {
  const { inside, count } = coverage(runs);
  return count === 0
    ? ""
    : `The 90% intervals hold the simulated truth of ${inside} of ${count} parameters (${Math.round((100 * inside) / count)}%).`;
}

/** Another program's files may not tell them. */
export const divergencesKnown = ({ manifest: { imported } }: ReportRun): boolean =>
  imported === undefined || imported.sampler.includes("divergent__");

/** One sentence on whether the draws can be used. */
export function verdict(runs: readonly ReportRun[]): string {
  const warned = runs.filter((run) => run.diagnostics.warnings.length > 0);
  const fits = runs.length === 1 ? "The fit" : `All ${runs.length} fits`;
  if (warned.length > 0)
    return `${warned.length} of ${runs.length} ${runs.length === 1 ? "fit" : "fits"} ${warned.length === 1 ? "needs" : "need"} a look: see the warnings below.`;
  const rhat = Math.max(...runs.map((run) => run.diagnostics.max_rhat?.value ?? 1));
  const ess = Math.min(...runs.map((run) => run.diagnostics.min_ess_bulk?.value ?? Number.POSITIVE_INFINITY));
  const divergences = runs.reduce((sum, run) => sum + run.diagnostics.divergences, 0);
  return `${fits} mixed well: R-hat is at most ${rhat.toFixed(3)}, bulk ESS at least ${Number.isFinite(ess) ? Math.floor(ess).toLocaleString("en-GB") : "–"}, ${!runs.every(divergencesKnown) ? "divergences are not known" : divergences === 0 ? "no transition diverged" : `${divergences} transitions diverged`}.`;
}

export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
