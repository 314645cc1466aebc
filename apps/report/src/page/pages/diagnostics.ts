import { figureId } from "../../figures/fits.ts";
import type { ReportData, ReportRun } from "../../report-data.ts";
import { fixed, whole } from "../../rounding.ts";
import { divergencesKnown, verdict } from "../../sentences.ts";
import { num, numeric, textual } from "../cells.ts";
import { choice, el, part } from "../dom.ts";
import { figureView } from "../figure-view.ts";
import { fitFacts } from "../fit-facts.ts";
import type { Page, PageContext } from "../page.ts";
import { runName } from "../run-name.ts";
import { type Cell, dataTable } from "../table.ts";
import { linkTo } from "../view.ts";
import { figuresOn } from "./figure-page.ts";

export const diagnostics: Page = {
  id: "diagnostics",
  name: "Diagnostics",
  question: "Can the draws be trusted?",
  heading: ({ data: { runs } }) => {
    const warned = runs.filter((run) => run.diagnostics.warnings.length > 0).length;
    return warned === 0
      ? `Yes: ${runs.length === 1 ? "the fit" : `all ${whole(runs.length)} fits`} mixed well`
      : `${whole(warned)} of ${whole(runs.length)} ${runs.length === 1 ? "fit" : "fits"} ${warned === 1 ? "needs" : "need"} a look`;
  },
  has: () => true,
  build: (context) => {
    const { data } = context;
    const warnings = data.runs.flatMap((run) =>
      run.diagnostics.warnings.map((w) => el("li", {}, `${runName(run, data)}: ${w}`)),
    );
    return [
      el("p", { class: "lead" }, verdict(data.runs)),
      warnings.length > 0 && el("ul", { class: "warnings" }, ...warnings),
      ...figuresOn(context, "diagnostics")
        .filter((figure) => runOf(figure.id, data) === undefined)
        .map((figure) => figureView(figure, context)),
      part("Each fit", table(data)),
      oneFit(context),
    ];
  },
};

/** The run that a figure is about, by its id: `ranks-1a-all` is about 1a-all; of several such runs the longest name. */
function runOf(figure: string, { runs }: ReportData): string | undefined {
  return runs
    .map(({ id }) => id)
    .filter((id) => figure.endsWith(`-${figureId(id)}`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** One fit at a time, chosen by the reader: its facts, warnings and figures. */
function oneFit(context: PageContext): HTMLElement {
  const { data, views, announce } = context;
  const figures = figuresOn(context, "diagnostics");
  const pick = choice(
    "Fit",
    data.runs.map((run) => ({ value: run.id, text: runName(run, data) })),
    (fit) => views.change({ own: { ...views.view.own, fit } }),
  );
  const place = el("div");
  let shown = "";
  const show = (move: boolean): void => {
    const id = views.view.own["fit"];
    const run = data.runs.find((other) => other.id === id) ?? data.runs[0]!;
    pick.set(run.id);
    if (run.id !== shown) {
      shown = run.id;
      place.replaceChildren(
        fitFacts(run, data),
        ...figures
          .filter((figure) => runOf(figure.id, data) === run.id)
          .map((figure) => figureView(figure, context)),
      );
      if (move) announce(`Showing ${runName(run, data)}.`);
    }
    if (id !== undefined && move) element.scrollIntoView({ block: "start" });
  };
  const element = part("One fit", el("form", { class: "controls" }, pick.element), place);
  views.subscribe((view) => {
    if (view.page === diagnostics.id) show(true);
  });
  show(false);
  return element;
}

/** An extreme value; its variable is told on hovering, and in the file. */
const worst = (x: { variable: string; value: number } | null, text: (value: number) => string): Cell => ({
  text: x ? text(x.value) : "–",
  value: x?.value,
  parts: [x?.value ?? null, x?.variable ?? null],
  title: x?.variable,
});

const HEADS = [
  "Divergent",
  "Least E-BFMI",
  "Acceptance",
  "Step angle",
  "Gradients/draw",
  "Set-up s",
  "Warm-up s",
  "Sampling s",
  "Total s",
];

const table = (data: ReportData): HTMLElement =>
  dataTable(
    "Diagnostics of each fit",
    "diagnostics",
    [
      textual("Fit"),
      ...["Largest R-hat", "Least bulk ESS", "Least tail ESS"].map((name) => ({
        ...numeric(name),
        parts: [name, `${name}, of`],
      })),
      ...HEADS.map((name) => numeric(name)),
    ],
    data.runs.map((run) => row(run, data)),
  );

function row(run: ReportRun, data: ReportData): Cell[] {
  const d = run.diagnostics;
  const s = run.summary.seconds;
  return [
    { text: runName(run, data), href: linkTo("diagnostics", { fit: run.id }) },
    worst(d.max_rhat, (value) => fixed(value, 3)),
    worst(d.min_ess_bulk, whole),
    worst(d.min_ess_tail, whole),
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
}
