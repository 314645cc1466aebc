import type { PlanResults, TableRow } from "@bridgewise/core";
import { evidenceOf } from "../../evidence.ts";
import type { ReportData } from "../../report-data.ts";
import { whole } from "../../rounding.ts";
import { capital, responseWords, rowId, rowSentence, termWords } from "../../row-sentence.ts";
import { answer, coverageSentence, list, panelsOf, responseIn, verdict } from "../../sentences.ts";
import { type Child, el, part } from "../dom.ts";
import type { Page } from "../page.ts";
import { linkTo } from "../view.ts";

/** Sentences of an analysis that are shown at once; the others are folded away. */
const SHOWN = 8;

export const found: Page = {
  id: "found",
  name: "What was found",
  question: "What was found?",
  heading: ({ data }) => {
    const rows = data.results ? mainRows(data.results) : [];
    const fit = data.results?.fits.find(({ id }) => id === rows[0]?.fit);
    return rows.length > 0 ? headline(rows, fit?.formula ?? "") : data.title;
  },
  has: () => true,
  build: ({ data }) => [
    ...(data.results && data.results.rows.length > 0
      ? planned(data, data.results)
      : panelsOf(data.runs).map((panel) =>
          el("p", { class: "lead" }, el("a", { href: linkTo("tables") }, answer(panel))),
        )),
    part(
      "Can it be trusted?",
      el("p", {}, el("a", { href: linkTo("diagnostics") }, verdict(data.runs))),
      coverageSentence(data.runs) !== "" && el("p", {}, coverageSentence(data.runs)),
    ),
  ],
};

/** Of the plan's first analysis, on its first subset. */
function mainRows({ rows }: PlanResults): TableRow[] {
  const first = rows[0];
  return rows.filter(({ fit }) => fit === first?.fit);
}

const sure = (row: TableRow): boolean => {
  const { strength } = evidenceOf(row.ours, row.direction);
  return strength === "all" || strength === "strong";
};

const bySize = (a: TableRow, b: TableRow): number => Math.abs(b.ours.estimate) - Math.abs(a.ours.estimate);

/** The main analysis in one line: what its response rises and falls with, as far as that is nearly certain. */
export function headline(rows: readonly TableRow[], formula: string): string {
  const clear = rows.filter(sure).toSorted(bySize);
  const names = (sign: 1 | -1): string[] =>
    clear.filter(({ ours }) => Math.sign(ours.estimate) === sign).map(({ term }) => termWords(term));
  const [up, down] = [names(1), names(-1)];
  const first = rows[0]!;
  const response = capital(responseWords(responseIn(formula), first.plus_tenth.kind, first.dv));
  const verb = first.plus_tenth.kind === "odds ratio" ? ["rise", "fall"] : ["rises", "falls"];
  if (clear.length === 0) return `${response}: of no attribute can the sign be told with near certainty`;
  const parts = [
    up.length > 0 ? `${verb[0]} with ${list(up)}` : "",
    down.length > 0 ? `${verb[1]} with ${list(down)}` : "",
  ].filter((text) => text !== "");
  return `${response} ${list(parts)}`;
}

function planned(data: ReportData, results: PlanResults): Child[] {
  const order = [...new Set(results.rows.map(({ fit }) => fit))];
  const analyses = [...new Set(results.rows.map(({ analysis }) => analysis))];
  return [
    el("p", { class: "lead" }, overall(results)),
    ...analyses.map((analysis) => {
      const fits = order.filter((id) =>
        results.rows.some((row) => row.fit === id && row.analysis === analysis),
      );
      const title = results.fits.find((fit) => fit.analysis === analysis)?.title ?? analysis;
      return part(
        `${analysis}: ${title}`,
        ...fits.map((id) => fitSentences(data, results, id, fits.length > 1)),
      );
    }),
  ];
}

/** Of one fit: first what is nearly certain, the largest first; the rest folded away. */
function fitSentences(data: ReportData, results: PlanResults, id: string, several: boolean): HTMLElement {
  const fit = results.fits.find((other) => other.id === id);
  const rows = results.rows.filter((row) => row.fit === id).toSorted(bySize);
  const items = (chosen: readonly TableRow[]): HTMLElement =>
    el(
      "ul",
      { class: "sentences" },
      ...chosen.map((row) =>
        linked(rowSentence(row, fit), termWords(row.term), linkTo("tables", { row: rowId(row) })),
      ),
    );
  const clear = rows.filter(sure);
  const shown = clear.slice(0, SHOWN);
  const rest = rows.filter((row) => !shown.includes(row));
  const run = data.runs.find((other) => other.id === id);
  const size = fit?.rows ?? run?.manifest.data.rows_used;
  return el(
    "div",
    {},
    several &&
      el(
        "h3",
        {},
        `${fit?.dv ? fit.dv.replaceAll("_", " ") : (fit?.label ?? id)}${size === undefined ? "" : ` (${whole(size)} rows)`}`,
      ),
    shown.length === 0 && el("p", {}, "Of no coefficient can the sign be told with near certainty."),
    shown.length > 0 && items(shown),
    rest.length > 0 &&
      el(
        "details",
        {},
        el(
          "summary",
          {},
          `${rest.length === 1 ? "One more, of" : `${rest.length} more, of`} which less is known`,
        ),
        items(rest),
      ),
  );
}

/** A sentence whose coefficient leads to its row. */
function linked(sentence: string, name: string, href: string): HTMLElement {
  const words = name.split(" × ").at(-1)!;
  const at = sentence.indexOf(words);
  return at < 0
    ? el("li", {}, el("a", { href }, sentence))
    : el("li", {}, sentence.slice(0, at), el("a", { href }, words), sentence.slice(at + words.length));
}

function overall({ multiplicity: m, comparisons, rows }: PlanResults): Child {
  const published = rows.filter((row) => row.published !== null);
  const near = published.filter(({ difference_se: d }) => d !== null && Math.abs(d) <= 3).length;
  return [
    `${whole(m.hypotheses)} hypotheses were tested; ${whole(m.starred)} have an evidence ratio above 100, where ${m.starred_by_chance.toFixed(1)} would be expected if every coefficient were 0.`,
    published.length > 0
      ? `Of ${whole(published.length)} published rows, ${whole(near)} are within 3 combined standard errors of ours.`
      : "",
    comparisons.length > 0
      ? `${comparisons.length === 1 ? "One pair" : `${comparisons.length} pairs`} of models were compared.`
      : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}
