import type { SensitivityRow } from "@bridgewise/core";
import { fixed } from "../rounding.ts";
import { list, termName } from "../sentences.ts";
import { type DotRow, dotPlot } from "./dot-plot.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { chosen, figureId } from "./fits.ts";
import { attributeColour, symbolOf } from "./series.ts";

/** 5% to 95% of a normal, in standard deviations. */
const NINETY = 1.6448536269514722;

const KINDS = {
  priors: { title: "Other priors", what: "under other priors", one: "prior" },
  ties: { title: "Ties", what: "with ties treated otherwise", one: "treatment" },
  "leave-one-out": {
    title: "Without each level",
    what: "leaving out one level at a time",
    one: "level left out",
  },
  noise: { title: "Noise in the scores", what: "with noise added to the scores", one: "noise" },
  other: { title: "Other variations", what: "with something else varied", one: "variation" },
} as const;

/** Estimates when something is varied, a row a coefficient, each variation a dot in order of its size; behind them the interval with nothing varied. */
export function sensitivityFigure(
  rows: readonly SensitivityRow[],
  base: string,
  kind: keyof typeof KINDS,
  simulated: boolean,
): Figure {
  const { title, what, one } = KINDS[kind];
  const own = (options: FigureOptions): SensitivityRow[] =>
    chosen(rows, ({ variable }) => variable, options.variables);
  const terms = (some: readonly SensitivityRow[]): string[] => [...new Set(some.map(({ term }) => term))];
  const labels = [...new Set(rows.map(({ variation }) => variation.label))];
  const few = labels.length <= 4;
  return figureOf({
    ...{ id: `sensitivity-${kind}-${figureId(base)}`, page: "robustness", simulated },
    title: `${title}: ${base}`,
    caption: (options) => {
      const shown = own(options);
      const far = shown.filter((row) => Math.abs(shiftOf(row)) > NINETY);
      const most = shown.toSorted((a, b) => Math.abs(shiftOf(b)) - Math.abs(shiftOf(a)))[0];
      const flipped = terms(
        shown.filter(
          (row) =>
            Math.abs(row.base.estimate) > NINETY * row.base.est_error &&
            Math.sign(row.ours.estimate) !== Math.sign(row.base.estimate),
        ),
      );
      return [
        `Posterior means of ${base}'s coefficients ${what}, a dot for each ${one}${few ? " with its 90% interval" : ", sorted"}, on the coefficient's scale; the grey band is the 90% interval with nothing varied, taken as its mean and 1.64 standard deviations on both sides.`,
        far.length === 0
          ? `All ${shown.length} stay in it.`
          : `${shown.length - far.length} of ${shown.length} stay in it.`,
        most
          ? `The largest shift, of ${termName(most.term)} (${most.variation.label}), is ${fixed(shiftOf(most), 2)} standard deviations, from ${fixed(most.base.estimate, 2)} to ${fixed(most.ours.estimate, 2)}.`
          : "",
        flipped.length === 0
          ? "No coefficient that is clear of 0 changes its sign."
          : `The sign changes for ${list(flipped.map(termName))}.`,
      ]
        .filter((s) => s !== "")
        .join(" ");
    },
    legend: () =>
      few ? labels.map((label, i) => ({ label, colour: "currentColor", symbol: symbolOf(i) })) : [],
    panels: (options) => {
      const shown = own(options);
      const dots = terms(shown).flatMap((term) => {
        const some = shown.filter((row) => row.term === term);
        return stripOf(some, few ? labels : undefined);
      });
      const { svg, height } = dotPlot(
        {
          label: `coefficient of ${base}`,
          dots,
          rules: [0],
          include: [0],
          pitch: few ? 26 : 34,
          bands: terms(shown).map((term) => {
            const { estimate, est_error } = shown.find((row) => row.term === term)!.base;
            return {
              row: termName(term),
              lower: estimate - NINETY * est_error,
              upper: estimate + NINETY * est_error,
            };
          }),
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: (options) => ({
      columns: [
        "Term",
        "Varied",
        "Mean",
        "Sd",
        "5%",
        "95%",
        "Mean with nothing varied",
        "Its sd",
        "Shift in its sds",
      ],
      rows: own(options).map((row) => [
        ...[termName(row.term), row.variation.label, row.ours.estimate, row.ours.est_error],
        ...[row.ours.ci_lower, row.ours.ci_upper, row.base.estimate, row.base.est_error, shiftOf(row)],
      ]),
    }),
  });
}

/** In standard deviations of the posterior with nothing varied. */
const shiftOf = ({ ours, base }: SensitivityRow): number => (ours.estimate - base.estimate) / base.est_error;

/**
 * A term's estimates spread over its row: where `labels` names the few variations each with its mark and interval in their order, otherwise
 * dots sorted from the top.
 */
function stripOf(rows: readonly SensitivityRow[], labels?: readonly string[]): DotRow[] {
  const place = ({ variation }: SensitivityRow): number => labels?.indexOf(variation.label) ?? 0;
  const sorted = rows.toSorted((a, b) => (labels ? place(a) - place(b) : a.ours.estimate - b.ours.estimate));
  return sorted.map((row, i) => ({
    row: termName(row.term),
    x: row.ours.estimate,
    ...(labels && { lower: row.ours.ci_lower, upper: row.ours.ci_upper }),
    colour: attributeColour(row.term),
    symbol: symbolOf(place(row)),
    shift: sorted.length === 1 ? 0 : 0.7 * (i / (sorted.length - 1) - 0.5),
    text: `${termName(row.term)}, ${row.variation.label}\nmean ${fixed(row.ours.estimate, 3)}, 90% interval ${fixed(row.ours.ci_lower, 3)} to ${fixed(row.ours.ci_upper, 3)}`,
  }));
}
