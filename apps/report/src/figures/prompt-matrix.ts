import { fixed } from "../rounding.ts";
import { list, termName } from "../sentences.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { type Analysis, chosen, type Fit, simulatedIn, termsOf } from "./fits.ts";
import { type Cell, heatMap } from "./heat-map.ts";
import { clearOf, intervalName, type Posterior, posteriorOf } from "./posterior.ts";
import { unitOf, viewOf } from "./scale.ts";

export interface MatrixCell {
  /** The response of the fit. */
  readonly dv: string;
  readonly term: string;
  readonly posterior: Posterior;
  /** Whether the interval leaves out 0. */
  readonly sure: boolean;
  readonly published: number | null;
}

const promptName = (term: string): string => termName(term).replace(/ human$/, "");

/** Fits of several responses on the same terms as a table of coefficients: analysis 3, what prompts bring into responses. */
export function matrixFigure(id: string, page: Figure["page"], analysis: Analysis): Figure {
  const { fits, title } = analysis;
  const prompts = termsOf(fits).every((term) => term.endsWith("_human"));
  const cells = (options: FigureOptions): MatrixCell[] => cellsOf(fits, options);
  return figureOf({
    ...{ id, page, title, simulated: simulatedIn(fits) },
    caption: (options) => {
      const own = cells(options);
      const sure = own.filter((cell) => cell.sure);
      const up = sure.filter(({ posterior }) => posterior.median > 0).length;
      const most = sure.toSorted((a, b) => Math.abs(b.posterior.median) - Math.abs(a.posterior.median));
      const word = intervalName(options.level);
      const mirrored = prompts
        ? own.filter(({ dv, term }) => termName(dv) === promptName(term) && sureUp(own, dv, term)).length
        : 0;
      const same = prompts ? own.filter(({ dv, term }) => termName(dv) === promptName(term)).length : 0;
      return [
        `Medians of the coefficients of ${prompts ? "each attribute of prompts (columns)" : "each term (columns)"} in the regression of each ${prompts ? "attribute of responses" : "response"} (rows), in units of the ${prompts ? "response's attribute per unit of the prompt's" : "row per unit of the column"}; blue above 0, vermillion below, framed where the ${word} leaves out 0.`,
        `${sure.length} of ${own.length} do, ${up} above 0${most.length > 0 ? `; the largest ${most.length === 1 ? "is" : "are"} ${list(most.slice(0, 3).map((cell) => `${termName(cell.dv)} on ${promptName(cell.term)} (${fixed(cell.posterior.median, 3)}, ${fixed(cell.posterior.lower, 3)} to ${fixed(cell.posterior.upper, 3)})`))}` : ""}.`,
        ...(same > 0
          ? [
              `An attribute of a prompt brings more of the same into the response for ${mirrored} of ${same} attributes.`,
            ]
          : []),
      ].join(" ");
    },
    panels: (options) => {
      const own = cells(options);
      const { svg, height } = heatMap(
        {
          rows: [...new Set(own.map(({ dv }) => termName(dv)))],
          columns: [...new Set(own.map(({ term }) => promptName(term)))],
          cells: own.map(
            ({ dv, term, posterior, sure }): Cell => ({
              ...{ row: termName(dv), column: promptName(term), value: posterior.median, sure },
              text: fixed(posterior.median, 2),
            }),
          ),
          columnTitle: prompts
            ? "Responses (rows) on prompts (columns)"
            : "Responses (rows) on terms (columns)",
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: (options) => {
      const word = intervalName(options.level);
      return {
        columns: [
          "Response",
          prompts ? "Prompt" : "Term",
          "Median",
          `${word}, lower`,
          `${word}, upper`,
          "Leaves out 0",
          "Published mean",
        ],
        rows: cells(options).map(({ dv, term, posterior: p, sure, published }) => [
          ...[termName(dv), promptName(term), p.median, p.lower, p.upper],
          ...[sure ? "yes" : "no", published],
        ]),
      };
    },
  });
}

const sureUp = (cells: readonly MatrixCell[], dv: string, term: string): boolean =>
  cells.some((cell) => cell.dv === dv && cell.term === term && cell.sure && cell.posterior.median > 0);

/** Rows by fit, columns by term, in the plan's order. */
export function cellsOf(fits: readonly Fit[], { level, variables }: FigureOptions): MatrixCell[] {
  const terms = chosen(termsOf(fits), (term) => term, variables);
  return fits.flatMap((fit) => {
    const view = viewOf("coefficient", "difference", unitOf(fit.run));
    return terms.flatMap((term): MatrixCell[] => {
      const posterior = posteriorOf(fit.run, term, level, view);
      return posterior
        ? [
            {
              ...{ dv: fit.dv ?? fit.subset, term, posterior, sure: clearOf(posterior, 0) },
              published: fit.rows.get(term)?.published?.estimate ?? null,
            },
          ]
        : [];
    });
  });
}
