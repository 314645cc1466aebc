import { FAMILIES, familyOf, type VariableSummary } from "@bridgewise/core";
import type { ReportData, ReportRun } from "./report-data.ts";
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

export const responseOf = ({ manifest }: Pick<ReportRun, "manifest">): string => responseIn(manifest.formula);

/** What a report is called that has no name of its own. */
export function reportTitle(runs: readonly Pick<ReportRun, "manifest">[]): string {
  const responses = [...new Set(runs.filter(({ manifest }) => !manifest.imported).map(responseOf))];
  if (responses.length === 0) return "Draws and what they say";
  if (responses.length > 3) return `What ${responses.length} responses depend on`;
  return `What ${list(responses)} depend${responses.length === 1 ? "s" : ""} on`;
}

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

interface Estimate {
  readonly term: string;
  readonly v: Known;
  /** Whether its 90% interval leaves out 0. */
  readonly clear: boolean;
}

/** A run's coefficients, those whose interval is clear of 0 first, the largest of them first. */
function estimatesOf(panel: Panel, run: ReportRun): Estimate[] {
  const estimates = panel.terms.flatMap((term): Estimate[] => {
    const v = known(run.summary.variables[term]);
    return v ? [{ term, v, clear: v.q5 > 0 || v.q95 < 0 }] : [];
  });
  return estimates.toSorted((a, b) =>
    a.clear === b.clear ? Math.abs(b.v.median) - Math.abs(a.v.median) : a.clear ? -1 : 1,
  );
}

/** What a panel shows in a line, from its first run: what its response rises and falls with. */
export function panelHeadline(panel: Panel): string {
  const run = panel.runs[0]!;
  if (run.manifest.prior_only)
    return `Draws of the prior of ${panel.response}, which say nothing of the data`;
  const estimates = estimatesOf(panel, run).filter(({ clear }) => clear);
  const names = (some: readonly Estimate[]): string => list(some.map(({ term }) => termName(term)));
  const who = panel.runs.length > 1 ? ` (${run.manifest.label})` : "";
  // of imported draws no response is known
  const subject = `${run.manifest.imported ? "" : panel.response}${who}`;
  if (estimates.length === 0) return `${subject === "" ? "No" : `${subject}: no`} coefficient is clear of 0`;
  if (run.manifest.imported) return `Clear of 0 ${estimates.length === 1 ? "is" : "are"} ${names(estimates)}`;
  const up = estimates.filter(({ v }) => v.median > 0);
  const down = estimates.filter(({ v }) => v.median < 0);
  return `${subject} ${[
    up.length > 0 ? `rises with ${names(up)}` : "",
    down.length > 0 ? `falls with ${names(down)}` : "",
  ]
    .filter((text) => text !== "")
    .join(", and ")}`;
}

/** One coefficient of a run: its name, and what is known of it; `clear`: its 90% interval leaves out 0. */
export interface TermSentence {
  readonly term: string;
  readonly name: string;
  readonly text: string;
  readonly clear: boolean;
}

/** A sentence on each coefficient of a run: which way the response goes, by how much, with its interval. */
export function termSentences(panel: Panel, run: ReportRun): TermSentence[] {
  const { manifest } = run;
  const scale = scaleName(manifest.family);
  const unit = scale.startsWith("log-odds") ? ` in ${scale}` : "";
  return estimatesOf(panel, run).map(({ term, v, clear }) => {
    // prose has two significant digits of the interval's width, the table has what the Monte Carlo error supports
    const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(v.q95 - v.q5))));
    const interval = `90% interval ${fixed(v.q5, digits)} to ${fixed(v.q95, digits)}`;
    const name = termName(term);
    const median = fixed(v.median, digits);
    if (manifest.imported || manifest.prior_only)
      return { term, name, clear, text: `${name} is ${median} (${interval}).` };
    const way = v.median < 0 ? "falls" : "rises";
    const size = `${fixed(Math.abs(v.median), digits)}${unit}`;
    return {
      ...{ term, name, clear },
      text: clear
        ? `With ${name}, ${panel.response} ${way} by ${size} (${interval}).`
        : `Whether ${panel.response} rises or falls with ${name} is not clear: ${median}${unit} (${interval}).`,
    };
  });
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

/** What a plan counted of its own fits, else what the runs have; empty where no truth is known. */
export function coverageSentence({ runs, results }: Pick<ReportData, "runs" | "results">): string {
  const { inside, count } = results ? (results.recovery ?? { inside: 0, count: 0 }) : coverage(runs);
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
    return `${warned.length} of ${runs.length} ${runs.length === 1 ? "fit" : "fits"} ${warned.length === 1 ? "needs" : "need"} a look: ${warned.length === 1 ? "its" : "their"} warnings are listed with the diagnostics.`;
  const rhat = Math.max(...runs.map((run) => run.diagnostics.max_rhat?.value ?? 1));
  const ess = Math.min(...runs.map((run) => run.diagnostics.min_ess_bulk?.value ?? Number.POSITIVE_INFINITY));
  const divergences = runs.reduce((sum, run) => sum + run.diagnostics.divergences, 0);
  return `${fits} mixed well: R-hat is at most ${rhat.toFixed(3)}, bulk ESS at least ${Number.isFinite(ess) ? Math.floor(ess).toLocaleString("en-GB") : "–"}, ${!runs.every(divergencesKnown) ? "divergences are not known" : divergences === 0 ? "no transition diverged" : `${divergences} transitions diverged`}.`;
}

export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
