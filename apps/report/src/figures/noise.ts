import type { SensitivityRow } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import { fixed } from "../rounding.ts";
import { termName } from "../sentences.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { chosen, figureId } from "./fits.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { attributeColour, type SeriesSymbol, SYMBOLS, symbolOf } from "./series.ts";
import { NARROW } from "./style.ts";
import { fitText } from "./text-width.ts";

/** A term's mean share of its estimate that is left under noise of one sd, over the noise's seeds. */
export interface Attenuation {
  readonly term: string;
  readonly sd: number;
  readonly share: number;
  readonly seeds: number;
}

/** With (0, 1) first for each term; terms whose estimate is not clear of 0 are left out: their shares are noise over noise. */
function attenuationsOf(rows: readonly SensitivityRow[]): Attenuation[] {
  const terms = [...new Set(rows.map(({ term }) => term))];
  return terms.flatMap((term) => {
    const own = rows.filter(
      (row) => row.term === term && row.attenuation !== null && typeof row.variation.value === "number",
    );
    const base = own[0]?.base;
    if (!base || Math.abs(base.estimate) < 2 * base.est_error) return [];
    const sds = [...new Set(own.map(({ variation }) => variation.value as number))].sort((a, b) => a - b);
    return [
      { term, sd: 0, share: 1, seeds: 0 },
      ...sds.map((sd) => {
        const some = own.filter(({ variation }) => variation.value === sd);
        return {
          ...{ term, sd, seeds: some.length },
          share: some.reduce((sum, row) => sum + row.attenuation!, 0) / some.length,
        };
      }),
    ];
  });
}

/** How much of each coefficient is left when the scores are noisier: measurement error's attenuation. */
export function noiseFigure(
  rows: readonly SensitivityRow[],
  base: string,
  simulated: boolean,
): Figure | undefined {
  if (attenuationsOf(rows).length === 0) return undefined;
  const own = ({ variables }: FigureOptions): Attenuation[] =>
    attenuationsOf(chosen(rows, ({ variable }) => variable, variables));
  const terms = [...new Set(attenuationsOf(rows).map(({ term }) => term))];
  const mark = (term: string): SeriesSymbol => symbolOf(Math.max(0, terms.indexOf(term)));
  return figureOf({
    ...{ id: `sensitivity-noise-${figureId(base)}`, page: "robustness", simulated },
    title: `Noise in the scores: ${base}`,
    caption: (options) => {
      const shown = own(options);
      const sd = Math.max(...shown.map((a) => a.sd));
      const last = shown.filter((a) => a.sd === sd).sort((a, b) => a.share - b.share);
      const [least, most] = [last[0], last.at(-1)];
      return `Share of each coefficient of ${base} that is left when normal noise of the given standard deviation is added to the attributes (mean over the noise's seeds; 1: nothing lost), for coefficients at least two standard deviations from 0.${least && most ? ` With noise of sd ${sd}, ${least === most ? `${fixed(100 * least.share, 0)}% of ${termName(least.term)} is left` : `between ${fixed(100 * least.share, 0)}% (${termName(least.term)}) and ${fixed(100 * most.share, 0)}% (${termName(most.term)}) are left`}.` : ""}`;
    },
    legend: (options) =>
      options.width < NARROW
        ? [...new Set(own(options).map(({ term }) => term))].map((term) => ({
            label: termName(term),
            colour: attributeColour(term, terms),
            symbol: mark(term),
          }))
        : [],
    panels: (options) => {
      const narrow = options.width < NARROW;
      const shown = own(options);
      const sd = Math.max(...shown.map((a) => a.sd));
      const ends = spread(shown.filter((a) => a.sd === sd));
      const right = narrow ? 14 : 160;
      const colour = (a: Attenuation): string => attributeColour(a.term, terms);
      const svg = plot(options, {
        width: options.width,
        height: 320,
        marginTop: 26,
        marginBottom: 42,
        marginLeft: 48,
        marginRight: right,
        x: { ...xAxis("sd of the noise", options.width - right), domain: [0, sd] },
        y: {
          label: "left of the coefficient",
          labelArrow: "none",
          ticks: 6,
          tickFormat: "%",
          domain: [Math.min(0, ...shown.map((a) => a.share)), Math.max(1.05, ...shown.map((a) => a.share))],
        },
        marks: [
          Plot.gridY({ strokeOpacity: 0.08 }),
          Plot.ruleY([1], { strokeDasharray: "4,3", strokeOpacity: 0.65 }),
          Plot.ruleY([0], { strokeOpacity: 0.65 }),
          Plot.line(shown, { x: "sd", y: "share", z: "term", stroke: colour, strokeWidth: 1.6 }),
          ...SYMBOLS.map((symbol) =>
            Plot.dot(
              shown.filter((a) => mark(a.term) === symbol),
              { x: "sd", y: "share", symbol, r: 3.4, fill: colour },
            ),
          ),
          ...(narrow
            ? []
            : [
                Plot.text(ends, {
                  x: () => sd,
                  y: "label",
                  text: (d: { term: string }) => fitText(termName(d.term), right - 14),
                  textAnchor: "start",
                  dx: 10,
                }),
              ]),
          ...hover(options, shown, {
            x: (a) => a.sd,
            y: (a) => a.share,
            text: (a) => `${termName(a.term)}\nnoise of sd ${a.sd}: ${fixed(100 * a.share, 1)}% left`,
          }),
        ],
      });
      return { panels: [{ svg, x: 0, y: 0 }], height: 320 };
    },
    table: (options) => ({
      columns: ["Term", "Sd of the noise", "Share left", "Seeds"],
      rows: own(options).map(({ term, sd, share, seeds }) => [termName(term), sd, share, seeds]),
    }),
  });
}

/** Labels at the lines' ends, moved apart so that they do not lie on each other: 0.06 of the axis is a line of text. */
function spread(ends: readonly Attenuation[]): { term: string; label: number }[] {
  const sorted = ends.toSorted((a, b) => b.share - a.share);
  const gap = 0.055 * Math.max(1.05, ...sorted.map((a) => a.share));
  const out: { term: string; label: number }[] = [];
  for (const { term, share } of sorted)
    out.push({ term, label: Math.min(share, (out.at(-1)?.label ?? Number.POSITIVE_INFINITY) - gap) });
  // a stack that grew downwards moves up by half of its growth
  const lift = sorted.length > 0 ? (sorted.at(-1)!.share - out.at(-1)!.label) / 2 : 0;
  return out.map(({ term, label }) => ({ term, label: label + lift }));
}
