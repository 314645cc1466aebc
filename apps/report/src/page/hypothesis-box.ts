import { evaluateHypotheses, type HypothesisRow, type HypothesisTable, InputError } from "@bridgewise/core";
import { ratioText } from "../evidence.ts";
import type { ReportData, ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import { num, numeric, textual } from "./cells.ts";
import { button, choice, el } from "./dom.ts";
import { areRounded, drawsCsv, drawsOf, hasDraws } from "./draws.ts";
import { saveFile } from "./figure-files.ts";
import { runName } from "./run-name.ts";
import { dataTable, quote } from "./table.ts";

/** Variables offered while typing. */
const OFFERED = 200;

/**
 * The reader picks a fit and types hypotheses about its draws, and gets what `bridgewise hypothesis` prints: the same code on the same
 * float64 draws, which are in the page or loaded from beside it.
 */
export function hypothesisBox(data: ReportData): HTMLElement {
  const runs = data.runs.filter(hasDraws);
  const without = data.runs.filter((run) => !hasDraws(run));
  if (runs.length === 0)
    return el("p", {}, `No draws are at hand here. ${absent(without, data)} ${elsewhere}`);
  let run = runs[0]!;

  const input = el("input", {
    ...{ type: "text", id: "hypothesis-text", name: "hypotheses", list: "hypothesis-variables" },
    ...{ autocomplete: "off", autocapitalize: "off", spellcheck: "false" },
    "aria-describedby": "hypothesis-help hypothesis-error",
  });
  const offered = el("datalist", { id: "hypothesis-variables" });
  const note = el("div");
  const error = el("div", { id: "hypothesis-error", role: "alert" });
  const answer = el("div", { class: "answer", "aria-live": "polite", role: "status" });
  const table = el("div");

  const pick = (id: string): void => {
    run = runs.find((other) => other.id === id) ?? run;
    const { variables, left_out } = run.draws!;
    const tested = variables.filter((name) => !/^b_Intercept(\[\d+\])?$/.test(name));
    offered.replaceChildren(
      ...[...tested, ...variables.filter((name) => !tested.includes(name))]
        .slice(0, OFFERED)
        .map((name) => el("option", { value: `${written(name)} > 0` })),
    );
    input.placeholder = `${written(tested[0] ?? variables[0]!)} > 0`;
    note.replaceChildren(
      ...[areRounded(run) && ROUNDED, left_out.length > 0 && lacking(variables, left_out)]
        .filter((text) => text !== false)
        .map((text) => el("p", { class: "note" }, text)),
    );
  };
  const fits = choice(
    "Fit",
    runs.map((one) => ({ value: one.id, text: runName(one, data) })),
    (id) => {
      pick(id);
      clear();
    },
  );
  const clear = (): void => {
    input.removeAttribute("aria-invalid");
    for (const part of [error, answer, table]) part.replaceChildren();
  };
  const fail = (what: string, pointer?: string): void => {
    input.setAttribute("aria-invalid", "true");
    error.append(el("p", {}, what), ...(pointer === undefined ? [] : [el("pre", {}, pointer)]));
    input.focus();
  };

  const test = async (): Promise<void> => {
    clear();
    const asked = run;
    const texts = hypothesesIn(input.value || input.placeholder);
    try {
      const found = await evaluateHypotheses(texts, await drawsOf(asked));
      // the reader may have gone on to another fit
      if (asked !== run) return;
      answer.append(...found.rows.map((row) => el("p", {}, sentence(row, found))));
      table.append(rowsTable(found, asked, data), el("p", { class: "note" }, command(asked, texts)));
    } catch (problem) {
      if (asked !== run) return;
      if (problem instanceof InputError) fail(problem.message, problem.pointer);
      else fail(`${runName(asked, data)}: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  };
  const save = async (): Promise<void> => {
    clear();
    try {
      saveFile(`draws-${run.id}.csv`, "text/csv;charset=utf-8", drawsCsv(await drawsOf(run), quote));
    } catch (problem) {
      fail(problem instanceof Error ? problem.message : String(problem));
    }
  };

  const form = el(
    "form",
    { class: "controls", "aria-label": "Test hypotheses on the draws" },
    fits.element,
    el("label", { class: "choice" }, el("span", {}, "Hypotheses"), input),
    offered,
    el("button", { type: "submit" }, "Test"),
    button("Draws as CSV", save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void test();
  });
  pick(run.id);
  return el(
    "section",
    { class: "hypothesis-box", "aria-label": "Ask the draws" },
    form,
    el(
      "p",
      { id: "hypothesis-help", class: "note" },
      "Expressions of variables on both sides of <, > or =, several apart by semicolons: ",
      el("code", {}, "b_A > 0.1; b_A - b_B > 0; exp(0.1 * b_A) > 1.05"),
      ". The b_ of coefficients may be left out.",
    ),
    note,
    without.length > 0 && el("p", { class: "note" }, `${absent(without, data)} ${elsewhere}`),
    error,
    answer,
    table,
  );
}

const elsewhere =
  "Use 'bridgewise hypothesis' on its run folder, or the report's folder instead of this file.";

const ROUNDED = `For this file's size its draws are rounded to 1/131,000 of each variable's range, their signs kept: numbers agree with the command's to about a ten-thousandth of the error, and counts of draws may differ by one or two where both sides are not a variable and 0. ${elsewhere}`;

const lacking = (variables: readonly string[], left: readonly string[]): string =>
  `Of this fit ${whole(variables.length)} variables are at hand; left out for room were ${names(left)}. ${elsewhere}`;

/** Up to three names, and how many more. */
const names = (all: readonly string[]): string =>
  all.length > 3 ? `${all.slice(0, 3).join(", ")} and ${whole(all.length - 3)} more` : all.join(", ");

const absent = (runs: readonly ReportRun[], data: ReportData): string =>
  `Draws of ${whole(runs.length)} ${runs.length === 1 ? "fit" : "fits"} are not here: ${names(runs.map((run) => runName(run, data)))}.`;

/** A variable as hypotheses name it: between backticks where it is no plain word. */
const written = (name: string): string =>
  /^[\p{L}._][\p{L}\p{M}\p{N}._:]*(\[[^\]`]*\])?$/u.test(name) ? name : `\`${name}\``;

/** Semicolons part hypotheses, but not within a name in backticks. */
export const hypothesesIn = (text: string): string[] => {
  const parts = text.match(/(?:`[^`]*`|[^;])+/g) ?? [text];
  const filled = parts.map((part) => part.trim()).filter((part) => part !== "");
  return filled.length > 0 ? filled : [text];
};

/** Two digits of the error, at least two decimals. */
const digits = ({ est_error: error }: HypothesisRow): number =>
  error === null || !(error > 0) ? 2 : Math.min(8, Math.max(2, Math.ceil(1 - Math.log10(error))));

function sentence(row: HypothesisRow, { draws }: HypothesisTable): string {
  const d = digits(row);
  const level = `${Number((100 * row.ci_level).toPrecision(6))}%`;
  const estimate = `estimate ${fixed(row.estimate, d)}, error ${fixed(row.est_error, d)}, ${level} interval ${fixed(row.ci_lower, d)} to ${fixed(row.ci_upper, d)}`;
  if (row.sign === "=")
    return `${row.hypothesis}: ${estimate}. Evidence for a single value needs draws of the prior: bridgewise hypothesis … --prior RUN.`;
  const share =
    row.evidence_ratio === "Inf"
      ? `in all ${whole(draws)} draws`
      : `in ${whole((row.post_prob ?? 0) * draws)} of ${whole(draws)} draws`;
  return `${row.hypothesis}: true ${share}. Evidence ratio ${ratioText({ evidence_ratio: row.evidence_ratio, draws })}, posterior probability ${fixed(row.post_prob, 3)}; ${estimate}.`;
}

function rowsTable(table: HypothesisTable, run: ReportRun, data: ReportData): HTMLElement {
  const levels = [
    ...new Set(table.rows.map(({ ci_level }) => `${Number((100 * ci_level).toPrecision(6))}%`)),
  ];
  return dataTable(
    `${runName(run, data)}: hypotheses as brms tests them, on the scale of left minus right side; ${levels.join(" and ")} intervals`,
    `hypotheses-${run.id}`,
    [
      textual("Hypothesis"),
      ...["Estimate", "Est. error", "From", "To", "Evidence ratio", "Probability"].map((name) =>
        numeric(name),
      ),
      textual("Mark"),
    ],
    table.rows.map((row) => {
      const d = digits(row);
      const { evidence_ratio: ratio } = row;
      return [
        { text: row.hypothesis },
        num(row.estimate, d),
        num(row.est_error, d),
        num(row.ci_lower, d),
        num(row.ci_upper, d),
        {
          text: ratioText({ evidence_ratio: ratio, draws: table.draws }),
          value: ratio === "Inf" ? Number.POSITIVE_INFINITY : (ratio ?? undefined),
        },
        num(row.post_prob, 3),
        { text: row.star },
      ];
    }),
  );
}

/** The same in a terminal. */
const command = (run: ReportRun, texts: readonly string[]): string =>
  `The same in a terminal: bridgewise hypothesis ${shell(run.id)} ${texts.map(shell).join(" ")}, with the path of the run's folder.`;

const shell = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
