import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import type { Figure } from "./figure.ts";
import { figureOf, grid } from "./figure-of.ts";
import { figureId } from "./fits.ts";
import { plot } from "./plot.ts";
import { diagnosticOf } from "./run-figure.ts";

/** Rank plots (Vehtari et al. 2021) of the variables that mix worst: each chain's ranks among all draws. */
export function rankFigure(run: ReportRun): Figure | undefined {
  const variables = Object.entries(run.ranks ?? {});
  if (variables.length === 0) return undefined;
  // hypergeometric, all chains' draws in equal bins: the share of a chain's draws in a bin of all
  const band = (chains: readonly (readonly number[])[]): { expected: number; half: number } => {
    const bins = chains[0]?.length ?? 1;
    const draws = chains[0]?.reduce((sum, n) => sum + n, 0) ?? 0;
    const others = 1 - 1 / chains.length;
    return { expected: draws / bins, half: 2 * Math.sqrt((draws / bins) * (1 - 1 / bins) * others) };
  };
  const outside = variables.map(([name, chains]) => {
    const { expected, half } = band(chains);
    return {
      name,
      out: chains.flat().filter((n) => Math.abs(n - expected) > half).length,
      bins: chains.flat().length,
    };
  });
  return figureOf({
    ...{ ...diagnosticOf(run), id: figureId(`ranks-${run.id}`), title: `Ranks of the chains: ${run.id}` },
    caption: () =>
      `Ranks of each chain's draws among the draws of all chains, for the variables that mix worst: even where chains agree. The grey band is two standard deviations of independent draws around the expected count; outside it are ${outside.map(({ name, out, bins }) => `${out} of ${bins} bins of ${name}`).join(", ")}.`,
    panels: (options) => {
      const chains = Math.max(...variables.map(([, own]) => own.length));
      const { columns, column } = grid(chains, options.width, 120, 4);
      const height = 110;
      const rows = Math.ceil(chains / columns);
      return {
        panels: variables.flatMap(([name, own], v) =>
          own.map((counts, chain) => ({
            svg: rankHistogram(counts, column, height, band(own), options),
            x: (chain % columns) * (column + 16),
            y: 34 + v * (rows * (height + 24) + 16) + Math.floor(chain / columns) * (height + 24),
            heading: `chain ${chain + 1}`,
            ...(chain === 0 && { over: name }),
          })),
        ),
        height: variables.length * (rows * (height + 24) + 16),
      };
    },
    table: () => ({
      columns: ["Variable", "Chain", "Bin", "Draws", "Expected"],
      rows: variables.flatMap(([name, own]) =>
        own.flatMap((counts, chain) =>
          counts.map((count, bin) => [name, chain + 1, bin + 1, count, band(own).expected]),
        ),
      ),
    }),
  });
}

function rankHistogram(
  counts: readonly number[],
  width: number,
  height: number,
  { expected, half }: { readonly expected: number; readonly half: number },
  options: Parameters<Figure["draw"]>[0],
): SVGSVGElement {
  return plot(options, {
    width,
    height,
    marginTop: 4,
    marginBottom: 6,
    marginLeft: 2,
    marginRight: 2,
    x: { axis: null, domain: [0, counts.length] },
    y: { axis: null, domain: [0, Math.max(...counts, expected + half) * 1.1] },
    marks: [
      Plot.rect([0], {
        x1: 0,
        x2: counts.length,
        y1: expected - half,
        y2: expected + half,
        fill: "currentColor",
        fillOpacity: 0.13,
      }),
      Plot.rect(counts, {
        x1: (_: number, i: number) => i,
        x2: (_: number, i: number) => i + 1,
        y1: 0,
        y2: (d: number) => d,
        fill: "#0072B2",
        fillOpacity: 0.45,
        stroke: "#0072B2",
        strokeWidth: 0.5,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.6 }),
    ],
  });
}
