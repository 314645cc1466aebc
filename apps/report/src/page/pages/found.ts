import type { PlanResults, TableRow } from "@bridgewise/core";
import { analysisHeadline, bySize, isSure, trend } from "../../headlines.ts";
import type { ReportData } from "../../report-data.ts";
import { counted, whole } from "../../rounding.ts";
import { attributeName, rowId, rowSentence } from "../../row-sentence.ts";
import {
  coverageSentence,
  type Panel,
  panelHeadline,
  panelsOf,
  termSentences,
  verdict,
} from "../../sentences.ts";
import { capital, proseWords, subsetWords } from "../../words.ts";
import { termRowId } from "../coefficient-table.ts";
import { type Child, el, part } from "../dom.ts";
import { figureView } from "../figure-view.ts";
import type { Page, PageContext } from "../page.ts";
import { FAR, isFar } from "../published-table.ts";
import { linkTo } from "../view.ts";

/** Sentences of a fit that are shown at once; the others are folded away. */
const SHOWN = 7;

export const found: Page = {
  id: "found",
  name: "What was found",
  question: "What was found?",
  heading: ({ data }) => {
    const analysis = data.results?.rows[0]?.analysis;
    if (data.results && analysis !== undefined) return analysisHeadline(data.results, analysis);
    const [panel] = panelsOf(data.runs);
    return panel ? panelHeadline(panel) : data.title;
  },
  has: () => true,
  build: (context) => {
    const { data } = context;
    const { results } = data;
    return results && results.rows.length > 0 ? planned(context, results) : unplanned(context);
  },
};

/** What was found in a few lines, beside the picture of it. */
function summary(context: PageContext, ...lines: readonly Child[]): HTMLElement {
  // where all effects are moderated, the main ones are told last
  const figure =
    context.figures.find(({ page }) => page === "findings") ??
    context.figures.findLast(({ page }) => page === "moderation");
  return el(
    "div",
    { class: "summary" },
    el("div", {}, ...lines),
    figure && figureView(figure, context, "found"),
  );
}

const trust = (data: ReportData, ...more: readonly Child[]): HTMLElement => {
  const coverage = coverageSentence(data);
  return part(
    "Can it be trusted?",
    el(
      "ul",
      { class: "sentences" },
      el("li", {}, verdict(data.runs), " ", el("a", { href: linkTo("diagnostics") }, "Diagnostics")),
      ...more,
      coverage !== "" && el("li", {}, coverage),
    ),
  );
};

function planned(context: PageContext, results: PlanResults): Child[] {
  const { data } = context;
  const analyses = [...new Set(results.rows.map(({ analysis }) => analysis))];
  // what was published leads; where nothing was, all are equal
  const published = analyses.filter((id) =>
    results.rows.some((row) => row.analysis === id && row.published !== null),
  );
  const leading = published.length > 0 ? published : analyses;
  const further = analyses.filter((id) => !leading.includes(id));
  const [first, ...others] = leading;
  return [
    summary(
      context,
      part(titleOf(results, first!), ...analysisSentences(data, results, first!)),
      others.length > 0 &&
        part(
          "And further",
          el(
            "ul",
            { class: "sentences" },
            ...others.map((id) =>
              el(
                "li",
                {},
                `${analysisHeadline(results, id)}. `,
                el("a", { href: linkTo("tables", { analysis: id }) }, `Table ${id}`),
              ),
            ),
          ),
        ),
      trust(data, ...overall(results)),
    ),
    ...others.map((id) => part(titleOf(results, id), ...analysisSentences(data, results, id))),
    further.length > 0 &&
      part(
        "Variations",
        ...further.map((id) =>
          brief(
            `${titleOf(results, id)}: ${analysisHeadline(results, id)}`,
            ...analysisSentences(data, results, id),
          ),
        ),
      ),
  ];
}

const folded = (summaryText: string, ...children: readonly Child[]): HTMLElement =>
  el("details", {}, el("summary", {}, summaryText), ...children);

/** What its line tells already: on paper it stays folded. */
function brief(line: string, ...children: readonly Child[]): HTMLElement {
  const details = folded(line, ...children);
  details.className = "brief";
  return details;
}

const titleOf = ({ fits }: PlanResults, analysis: string): string =>
  fits.find((fit) => fit.analysis === analysis)?.title ?? analysis;

/** The first fit's sentences in sight, each other fit's behind a line that tells its answer. */
function analysisSentences(data: ReportData, results: PlanResults, analysis: string): Child[] {
  const rows = results.rows.filter((row) => row.analysis === analysis);
  const fits = [...new Set(rows.map(({ fit }) => fit))];
  return fits.map((id, k) => {
    const fit = results.fits.find((other) => other.id === id);
    const own = rows.filter((row) => row.fit === id).toSorted(bySize);
    const sentences = fitSentences(own, fit);
    if (fits.length === 1) return el("div", {}, ...sentences);
    const size = fit?.rows ?? data.runs.find((run) => run.id === id)?.manifest.data.rows_used;
    const dv = fit?.dv ?? null;
    const name = capital(
      dv === null
        ? `${subsetWords(fit?.subset ?? id)}${size === undefined ? "" : ` (${whole(size)} rows)`}`
        : proseWords(dv),
    );
    return dv === null && k === 0
      ? el("div", {}, el("h3", {}, name), ...sentences)
      : brief(`${name}: ${trend(own) ?? "no sign is nearly certain"}`, ...sentences);
  });
}

/** Of one fit: first what is nearly certain, the largest first; the rest folded away. */
function fitSentences(rows: readonly TableRow[], fit: PlanResults["fits"][number] | undefined): Child[] {
  const items = (chosen: readonly TableRow[]): HTMLElement =>
    el(
      "ul",
      { class: "sentences" },
      ...chosen.map((row) =>
        linked(rowSentence(row, fit), attributeName(row), linkTo("tables", { row: rowId(row) })),
      ),
    );
  const sure = rows.filter(isSure);
  const shown = sure.length === 0 && rows.length === 1 ? rows : sure.slice(0, SHOWN);
  const rest = rows.filter((row) => !shown.includes(row));
  const unsure = rest.length - (sure.length - Math.min(shown.length, sure.length));
  return [
    shown.length === 0
      ? el("p", {}, "Of no coefficient can the sign be told with near certainty.")
      : items(shown),
    rest.length > 0 &&
      folded(
        `${rest.length === 1 ? "One more" : `${whole(rest.length)} more`}${unsure === rest.length ? ", of which less is known" : unsure === 0 ? "" : `, ${whole(unsure)} of them less certain`}`,
        items(rest),
      ),
  ];
}

/** A sentence whose coefficient leads to its row. */
function linked(sentence: string, name: string, href: string): HTMLElement {
  const at = sentence.indexOf(name);
  return at < 0
    ? el("li", {}, el("a", { href }, sentence))
    : el("li", {}, sentence.slice(0, at), el("a", { href }, name), sentence.slice(at + name.length));
}

/** How many hypotheses chance would mark, and how far from the published rows ours are. */
function overall({ multiplicity: m, rows, sensitivity }: PlanResults): Child[] {
  const published = rows.filter((row) => row.published !== null);
  const far = published.filter(isFar).length;
  return [
    el(
      "li",
      {},
      `${counted(m.hypotheses, "hypothesis was", "hypotheses were")} tested: ${counted(m.starred, "has", "have")} an evidence ratio above 100, where chance alone would give about ${m.starred_by_chance.toFixed(1)}. `,
      el("a", { href: linkTo("robustness") }, sensitivity.length > 0 ? "Robustness" : "More on that"),
    ),
    published.length > 0 &&
      el(
        "li",
        {},
        `${far === 0 ? `All ${whole(published.length)}` : `${whole(published.length - far)} of ${whole(published.length)}`} published rows are within ${FAR} combined standard errors of ours. `,
        el(
          "a",
          { href: linkTo("tables", far > 0 ? { rows: "far" } : {}) },
          far > 0 ? "Those that are not" : "Tables",
        ),
      ),
  ];
}

function unplanned(context: PageContext): Child[] {
  const { data } = context;
  const panels = panelsOf(data.runs);
  const [first, ...others] = panels;
  return [
    summary(context, ...(first ? panelSentences(first) : []), trust(data)),
    ...others.map((panel) => part(panelHeadline(panel), ...panelSentences(panel))),
  ];
}

/** Each fit of a response: its coefficients, those that are clear of 0 in sight. */
const panelSentences = (panel: Panel): Child[] =>
  panel.runs.map((run, k) => {
    const all = termSentences(panel, run);
    const items = (clear: boolean): Child[] => {
      const own = all.filter((sentence) => sentence.clear === clear);
      return own.length === 0
        ? []
        : [
            el(
              "ul",
              { class: "sentences" },
              ...own.map(({ text, name, term }) =>
                linked(text, name, linkTo("tables", { row: termRowId(run, term) })),
              ),
            ),
          ];
    };
    const unclear = all.filter(({ clear }) => !clear).length;
    const sentences = [
      ...(unclear === all.length
        ? [el("p", {}, "No coefficient's 90% interval is clear of 0.")]
        : items(true)),
      unclear > 0 &&
        folded(`${unclear === 1 ? "One" : whole(unclear)} more, not clear of 0`, ...items(false)),
    ];
    if (panel.runs.length === 1)
      return el(
        "div",
        {},
        el("p", {}, "For one more of a predictor, all others the same, at the median:"),
        ...sentences,
      );
    const size = `${run.manifest.label} (${whole(run.manifest.data.rows_used)} rows)`;
    return k === 0 ? el("div", {}, el("h3", {}, size), ...sentences) : folded(size, ...sentences);
  });
