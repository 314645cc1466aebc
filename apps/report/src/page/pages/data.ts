import type { DataOverview } from "@bridgewise/core";
import { fixed, whole } from "../../rounding.ts";
import { count, num, numeric, textual } from "../cells.ts";
import { type Child, el, part } from "../dom.ts";
import { figureView } from "../figure-view.ts";
import { flowTable } from "../flow-table.ts";
import type { Page } from "../page.ts";
import { dataTable } from "../table.ts";
import { figuresOn } from "./figure-page.ts";

export const dataPage: Page = {
  id: "data",
  name: "Data and raters",
  question: "Where do the data come from, and who rated?",
  heading: ({ data: { flow, overview, runs } }) => {
    const last = flow?.steps.at(-1);
    if (last)
      return `${whole(last.responses)} responses in ${whole(last.conversations)} conversations of ${whole(last.users)} users were analysed`;
    if (overview) return `${whole(overview.rows)} rows were analysed`;
    const rows = Math.max(...runs.map(({ manifest }) => manifest.data.rows_used));
    return rows > 0 ? `Up to ${whole(rows)} rows were analysed` : "The data";
  },
  has: ({ data, figures }) =>
    data.flow !== undefined || data.overview !== undefined || figures.some(({ page }) => page === "data"),
  build: (context) => {
    const { flow, overview } = context.data;
    return [
      flow && part("What was kept, and why", flowTable(flow), flowNotes(flow.notes)),
      ...figuresOn(context, "data").map((figure) => figureView(figure, context)),
      ...(overview ? [raters(overview), models(overview)] : []),
    ];
  },
};

const flowNotes = (notes: readonly string[]): Child =>
  notes.length > 0 && el("ul", {}, ...notes.map((note) => el("li", {}, note)));

function raters({ raters: questions }: DataOverview): Child {
  if (questions.length === 0) return undefined;
  return part(
    "Who the raters are",
    ...questions.map(({ question, counts }) => {
      const all = counts.reduce((sum, { users }) => sum + users, 0);
      return el(
        "details",
        {},
        el("summary", {}, `${question} (${whole(all)} raters)`),
        dataTable(
          `${question}: raters by answer`,
          `raters-${question}`,
          [textual("Answer"), numeric("Raters"), numeric("Share, %")],
          counts.map(({ answer, users }) => [{ text: answer }, count(users), num((100 * users) / all, 1)]),
        ),
      );
    }),
  );
}

const models = ({ models: list }: DataOverview): Child =>
  list.length > 0 &&
  part(
    "Whose responses were rated",
    dataTable(
      "Models, their mean score and how often their response was chosen",
      "models",
      [textual("Model"), numeric("Responses"), numeric("Mean score"), numeric("Chosen, %")],
      list.map(({ name, responses, mean_score, chosen }) => [
        { text: name },
        count(responses),
        num(mean_score, 1),
        chosen === null ? { text: fixed(null, 0) } : num(100 * chosen, 1),
      ]),
    ),
  );
