import type { DataOverview, Flow } from "@bridgewise/core";
import { fixed, whole } from "../rounding.ts";
import { bars } from "./bars.ts";
import type { Figure } from "./figure.ts";
import { figureOf, grid } from "./figure-of.ts";
import { symbolOf } from "./series.ts";
import { sideBySide } from "./side-by-side.ts";

/** What each step of the preparation kept, in responses, conversations and users, with the published counts. */
export function flowFigure(flow: Flow, simulated: boolean): Figure {
  const { steps } = flow;
  const counts = ["responses", "conversations", "users"] as const;
  const first = steps[0]!;
  const last = steps.at(-1)!;
  const marks = steps.some(({ paper }) => paper && Object.keys(paper).length > 0);
  return figureOf({
    ...{ id: "flow", page: "data", title: "What was kept of the data", simulated },
    caption: () => {
      const most = steps.toSorted((a, b) => b.dropped.responses - a.dropped.responses)[0]!;
      return `What is left after each step: of ${whole(first.responses)} responses ${whole(last.responses)} are analysed, in ${whole(last.conversations)} conversations of ${whole(last.users)} users.${most.dropped.responses > 0 ? ` Most responses are dropped at "${most.step}" (${whole(most.dropped.responses)}: ${most.reason}).` : ""}${marks ? " Hollow marks are the published counts." : ""}`;
    },
    legend: () => (marks ? [{ label: "published", colour: "currentColor", symbol: "hollow" }] : []),
    panels: (options) => {
      const { columns, column, at } = grid(counts.length, options.width, 220, 3);
      const made = counts.map((count) =>
        bars(
          steps.map((step) => ({
            name: step.step,
            value: step[count],
            label: whole(step[count]),
            ...(step.paper?.[count] !== undefined && { mark: step.paper[count] }),
          })),
          { ...options, width: column },
        ),
      );
      const height = made[0]!.height;
      return {
        panels: made.map(({ svg }, i) => ({
          ...{ svg, x: at(i).x, y: 18 + at(i).row * (height + 26) },
          heading: counts[i]![0]!.toUpperCase() + counts[i]!.slice(1),
        })),
        height: Math.ceil(counts.length / columns) * (height + 26),
      };
    },
    table: () => ({
      columns: ["Step", "Why", ...counts.flatMap((c) => [`${c} left`, `${c} dropped`, `${c} published`])],
      rows: steps.map((step) => [
        step.step,
        step.reason,
        ...counts.flatMap((c) => [step[c], step.dropped[c], step.paper?.[c] ?? null]),
      ]),
    }),
  });
}

/** Who the raters are: answers to each question, users counted once. */
export function ratersFigure({ raters, simulated }: DataOverview): Figure {
  const total = raters.map(({ counts }) => counts.reduce((sum, { users }) => sum + users, 0));
  return figureOf({
    ...{ id: "raters", page: "data", title: "Who the raters are", simulated },
    caption: () =>
      `Raters by their answers, each counted once, in percent of those who are known to have answered. ${raters
        .flatMap(({ question, counts }, i) => {
          const most = counts.toSorted((a, b) => b.users - a.users)[0];
          return most
            ? [
                `${question}: most often ${most.answer} (${percent(most.users, total[i]!)} of ${whole(total[i])})`,
              ]
            : [];
        })
        .join("; ")}.`,
    panels: (options) => {
      const { columns, column, at } = grid(raters.length, options.width, 240, 4);
      const made = raters.map(({ counts }, i) =>
        bars(
          counts.map(({ answer, users }) => ({
            ...{ name: answer, value: users, label: percent(users, total[i]!) },
          })),
          { ...options, width: column },
        ),
      );
      const rows = Math.ceil(raters.length / columns);
      const heights = Array.from({ length: rows }, (_, r) =>
        Math.max(...made.slice(r * columns, (r + 1) * columns).map(({ height }) => height)),
      );
      const top = (r: number): number => heights.slice(0, r).reduce((sum, h) => sum + h + 28, 18);
      return {
        panels: made.map(({ svg }, i) => ({
          ...{ svg, x: at(i).x, y: top(at(i).row), heading: raters[i]!.question },
        })),
        height: top(rows) - 18,
      };
    },
    table: () => ({
      columns: ["Question", "Answer", "Users", "Share"],
      rows: raters.flatMap(({ question, counts }, i) =>
        counts.map(({ answer, users }) => [question, answer, users, users / (total[i]! || 1)]),
      ),
    }),
  });
}

const percent = (part: number, total: number): string => `${fixed((100 * part) / (total || 1), 0)}%`;

/** How models fare before anything is modelled: mean score, and share of responses that were chosen. */
export function modelsFigure({ models, simulated }: DataOverview): Figure {
  const byScore = models.toSorted(
    (a, b) => (b.mean_score ?? b.chosen ?? 0) - (a.mean_score ?? a.chosen ?? 0),
  );
  const measures = [
    { name: "Mean score", of: (m: DataOverview["models"][number]) => m.mean_score, factor: 1, unit: "" },
    {
      name: "Chosen, percent of responses",
      of: (m: DataOverview["models"][number]) => m.chosen,
      factor: 100,
      unit: "%",
    },
  ].filter(({ of }) => models.some((m) => of(m) !== null));
  return figureOf({
    ...{ id: "models", page: "data", title: "How the models fare", simulated },
    caption: () => {
      const [best, worst] = [byScore[0], byScore.at(-1)];
      const about = (m: DataOverview["models"][number]): string =>
        `${m.name} (${measures
          .flatMap(({ of, factor, unit }) => {
            const value = of(m);
            return value === null
              ? []
              : [`${unit === "%" ? "chosen " : "mean score "}${fixed(factor * value, 1)}${unit}`];
          })
          .join(", ")})`;
      return `The ${models.length} models by their mean score and by how often their response was chosen, as in the data: nothing is adjusted for.${best && worst && best !== worst ? ` Highest is ${about(best)}, lowest ${about(worst)}.` : ""}`;
    },
    panels: (options) => {
      const rows = byScore.map(({ name }) => name);
      return sideBySide(
        rows,
        measures.map(({ name, of, factor, unit }) => ({
          ...{ label: name, makers: true },
          dots: byScore.flatMap((m) => {
            const value = of(m);
            return value === null
              ? []
              : [
                  {
                    ...{ row: m.name, x: factor * value, colour: "#0072B2", symbol: symbolOf(0) },
                    text: `${m.name}: ${fixed(factor * value, 2)}${unit} of ${whole(m.responses)} responses`,
                  },
                ];
          }),
        })),
        options,
      );
    },
    table: () => ({
      columns: ["Model", "Responses", "Mean score", "Share chosen"],
      rows: byScore.map(({ name, responses, mean_score, chosen }) => [name, responses, mean_score, chosen]),
    }),
  });
}
