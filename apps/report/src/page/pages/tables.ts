import type { PlanResults, TableRow } from "@bridgewise/core";
import { MARKS } from "../../evidence.ts";
import { whole } from "../../rounding.ts";
import { rowId } from "../../row-sentence.ts";
import { list, panelsOf } from "../../sentences.ts";
import { termWords } from "../../words.ts";
import { coefficientTable } from "../coefficient-table.ts";
import { type Child, choice, el, part } from "../dom.ts";
import { hypothesisTables } from "../hypothesis-table.ts";
import type { Page, PageContext } from "../page.ts";
import { FAR, isFar, PUBLISHED, publishedTable, TENTH } from "../published-table.ts";
import { linkTo } from "../view.ts";

const SHOW = {
  all: { text: "all", is: () => true },
  published: { text: "published", is: (row: TableRow) => row.published !== null },
  far: { text: `more than ${FAR} standard errors apart`, is: isFar },
  marked: { text: "marked * or †", is: (row: TableRow) => row.ours.star !== "" },
} as const;

/** Which columns a screen has room for, by the headings that it leaves out. */
const COLUMNS: Readonly<Record<string, { readonly text: string; readonly without: readonly string[] }>> = {
  estimates: { text: "estimates", without: [TENTH] },
  effects: { text: "what 0.1 more does", without: [PUBLISHED] },
  all: { text: "all", without: [] },
};

export const tables: Page = {
  id: "tables",
  name: "Tables",
  question: ({ data: { results } }) =>
    results?.rows.some((row) => row.published !== null)
      ? "How do the numbers compare with the published ones?"
      : "What are the numbers?",
  heading: ({ data }) => {
    const rows = data.results?.rows ?? [];
    const published = rows.filter((row) => row.published !== null);
    if (rows.length === 0) return "Every coefficient, with its interval";
    if (published.length === 0) return `${whole(rows.length)} hypotheses, with their evidence`;
    const far = published.filter(isFar).length;
    return far === 0
      ? `All ${whole(published.length)} published rows are within ${FAR} combined standard errors of ours`
      : `${whole(published.length - far)} of ${whole(published.length)} published rows are within ${FAR} combined standard errors of ours, ${whole(far)} ${far === 1 ? "is" : "are"} not`;
  },
  has: () => true,
  build: (context) => {
    const { results, runs } = context.data;
    if (results && results.rows.length > 0) return plannedTables(context, results);
    const parameters = panelsOf(runs).map(coefficientTable);
    const point = (row: string | undefined): void => {
      if (row !== undefined) for (const table of parameters) table.point(row);
    };
    context.views.subscribe((view) => {
      if (view.page === tables.id) point(view.own["row"]);
    });
    // rows can be pointed at once they are on the page
    queueMicrotask(() => point(context.views.view.own["row"]));
    return [...parameters.map(({ element }) => element), ...hypothesisTables(runs)];
  },
};

function plannedTables(context: PageContext, results: PlanResults): Child[] {
  const { data, views, announce } = context;
  const { rows } = results;
  const analyses = [...new Set(rows.map(({ analysis }) => analysis))];
  const titles = new Map(results.fits.map(({ analysis, title }) => [analysis, title]));
  const parts = analyses.map((analysis) => {
    const own = rows.filter((row) => row.analysis === analysis);
    const title = `${analysis}: ${titles.get(analysis) ?? ""}`.replace(/: $/, "");
    const published = own.some((row) => row.published !== null);
    const table = publishedTable(
      data,
      `${title}. Means, standard deviations and 90% intervals${published ? ", ours beside those published" : ""}.`,
      `table-${analysis}`,
      own,
    );
    const far = own.filter(isFar);
    const element = part(
      title,
      table.element,
      ...(far.length > 0
        ? [
            el(
              "ul",
              { class: "explanations" },
              ...far.map((row) =>
                el(
                  "li",
                  {},
                  el("a", { href: linkTo("tables", { row: rowId(row) }) }, nameOf(row)),
                  `: ${row.explanation ?? "no reason is known."}`,
                ),
              ),
            ),
          ]
        : []),
    );
    return { analysis, title, own, table, element };
  });

  const own = (key: string) => (value: string) => {
    const { row: _, ...rest } = views.view.own;
    const next = Object.fromEntries(Object.entries({ ...rest, [key]: value }).filter(([, v]) => v !== ""));
    views.change({ own: next });
    announce(`${whole(apply())} rows shown.`);
  };
  const subsets = [...new Set(rows.map(({ conversation_type }) => conversation_type))];
  const analysis = choice(
    "Analysis",
    [{ value: "", text: "all" }, ...parts.map(({ analysis: value, title: text }) => ({ value, text }))],
    own("analysis"),
  );
  const subset = choice(
    "Data",
    [{ value: "", text: "every part" }, ...subsets.map((value) => ({ value, text: value }))],
    own("subset"),
  );
  const show = choice(
    "Rows",
    Object.entries(SHOW).map(([value, { text }]) => ({ value, text })),
    own("rows"),
  );
  const columns = choice(
    "Columns",
    Object.entries(COLUMNS).map(([value, { text }]) => ({ value, text })),
    own("columns"),
  );
  const apply = (): number => {
    const wanted = views.view.own;
    const chosen = Object.hasOwn(COLUMNS, wanted["columns"] ?? "") ? wanted["columns"]! : "estimates";
    columns.set(chosen);
    const rule = Object.hasOwn(SHOW, wanted["rows"] ?? "")
      ? SHOW[wanted["rows"] as keyof typeof SHOW]
      : SHOW.all;
    analysis.set(wanted["analysis"] ?? "");
    subset.set(wanted["subset"] ?? "");
    show.set(Object.hasOwn(SHOW, wanted["rows"] ?? "") ? wanted["rows"]! : "all");
    let count = 0;
    for (const { analysis: id, own: ownRows, table, element } of parts) {
      const here = table.filter((i) => {
        const row = ownRows[i]!;
        return (wanted["subset"] === undefined || row.conversation_type === wanted["subset"]) && rule.is(row);
      });
      const hidden = here === 0 || (wanted["analysis"] !== undefined && wanted["analysis"] !== id);
      element.toggleAttribute("hidden", hidden);
      if (!hidden) count += here;
      table.leaveOut(COLUMNS[chosen]!.without);
      if (wanted["row"] !== undefined) table.point(wanted["row"]);
    }
    none.toggleAttribute("hidden", count > 0);
    return count;
  };
  const none = el("p", { hidden: "" }, "No row is like this.");
  views.subscribe((view) => {
    if (view.page === tables.id) apply();
  });
  // rows can be pointed at once they are on the page
  queueMicrotask(apply);
  return [
    el(
      "form",
      { class: "controls", "aria-label": "Which rows are shown" },
      ...(analyses.length > 1 ? [analysis.element] : []),
      ...(subsets.length > 1 ? [subset.element] : []),
      show.element,
      columns.element,
    ),
    legend(results),
    none,
    ...parts.map(({ element }) => element),
    ...(results.skipped.length > 0
      ? [
          part(
            "What was left out",
            el("ul", {}, ...results.skipped.map(({ id, reason }) => el("li", {}, `${id}: ${reason}`))),
          ),
        ]
      : []),
  ];
}

const nameOf = (row: TableRow): string =>
  list([row.analysis, row.conversation_type, ...(row.dv ? [row.dv] : []), termWords(row.variable)]).replace(
    / and /,
    ", ",
  );

/** How to read the tables. */
function legend({ source, rows }: PlanResults): HTMLElement {
  const published = rows.some((row) => row.published !== null);
  const entries: (readonly [string, string])[] = [
    ["Estimate, Error", "mean and standard deviation of the posterior of the coefficient b"],
    ["90% interval", "from the 5% to the 95% quantile, as one-sided hypotheses at the 5% level have it"],
    ["b", "the hypothesis: above or below 0"],
    [
      "Evidence ratio",
      `draws for the hypothesis over draws against it; where none is against it, it is told as above the number of draws${published ? " (published as Inf)" : ""}`,
    ],
    ["*, †", `${MARKS["*"]}; ${MARKS["†"]}`],
    ["P", "share of the draws for which the hypothesis holds"],
    ...(published
      ? ([
          ["Published", source ?? "the plan's source"],
          [
            "Apart, SE",
            `ours minus published, over the root of the sum of both squared errors; beyond ${FAR} it is marked and explained below the table`,
          ],
        ] as const)
      : []),
    [
      "0.1 more",
      "what 0.1 more of the attribute does: odds or score ratio exp(0.1 b), its mean over the draws with its 90% interval, and the same in percent",
    ],
    ...(published
      ? ([
          [
            "PAPER\u2019s formula",
            "(exp(b) \u2212 1) x 10, in percent, at the mean of b: the effect of 1 more divided by ten, which is larger than that of 0.1 more where b is above 0",
          ],
        ] as const)
      : []),
  ];
  return el(
    "details",
    {},
    el("summary", {}, "How to read the tables"),
    el("dl", {}, ...entries.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])),
  );
}
