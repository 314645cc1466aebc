import type { AttributeDistribution, DataOverview, DistributionPart } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import { fixed, whole } from "../rounding.ts";
import { termName } from "../sentences.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf, grid } from "./figure-of.ts";
import { chosen } from "./fits.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { isConversationType, subsetColour } from "./series.ts";
import { PAPER } from "./style.ts";
import { fitText } from "./text-width.ts";

const HUMAN = "_human";
const PITCH = 46;

interface Ridge {
  readonly part: DistributionPart;
  readonly colour: string;
  /** Outline of the histogram as steps: share of the rows in a bin over the largest share of the panel. */
  readonly steps: readonly { readonly x: number; readonly h: number }[];
  readonly y: number;
}

/** An attribute's distribution in each subset: responses, and prompts beside them where they are scored. */
export function distributionFigure(
  id: string,
  overview: DataOverview,
  attribute: AttributeDistribution,
): Figure {
  const human = overview.attributes.find(({ name }) => name === `${attribute.name}${HUMAN}`);
  const sides = human ? [attribute, human] : [attribute];
  const name = termName(attribute.name);
  const subsets = attribute.parts.map(({ subset }) => subset);
  const kind = subsets.every(isConversationType) ? "conversation type" : "subset";
  const title = subsets.length > 1 ? `${name} by ${kind}` : `Distribution of ${name}`;
  const shown = ({ parts }: AttributeDistribution, { subsets }: FigureOptions): DistributionPart[] =>
    chosen(parts, (part) => part.subset, subsets);
  const sideName = (side: AttributeDistribution): string => (side === human ? "Prompts" : "Responses");
  return figureOf({
    ...{ id, page: "distributions", title, simulated: overview.simulated },
    caption: (options) => {
      const parts = shown(attribute, options);
      const byMean = parts.filter(({ subset }) => subset !== "all").sort((a, b) => b.mean - a.mean);
      const [high, low] = [byMean[0], byMean.at(-1)];
      const all = attribute.parts[0];
      const prompts = human?.parts[0];
      return [
        `Distribution of ${name} in ${human ? "responses and in the prompts before them" : "responses"}, as shares of each ${kind}: bars of equal width, a line from the 5% to the 95% quantile, thick from the 25% to the 75%, a point at the median.`,
        high && low && high !== low
          ? `Its mean over responses is highest in ${high.subset} (${fixed(high.mean, 2)}) and lowest in ${low.subset} (${fixed(low.mean, 2)}).`
          : all
            ? `Its mean over ${whole(all.n)} responses is ${fixed(all.mean, 2)}.`
            : "",
        all && prompts
          ? `Over all, responses have a mean of ${fixed(all.mean, 2)} and prompts of ${fixed(prompts.mean, 2)}.`
          : "",
      ]
        .filter((s) => s !== "")
        .join(" ");
    },
    panels: (options) => {
      const { columns, column, at } = grid(sides.length, options.width, 270);
      const height = shown(attribute, options).length * PITCH + 52;
      const all = sides.map((side) => shown(side, options));
      const domain = domainOf(all.flat());
      return {
        panels: sides.map((side, i) => {
          const { x, row } = at(i);
          const ridges = ridgesOf(all[i]!, subsets);
          return {
            svg: ridgePlot(ridges, domain, column, height, `${name} score`, options),
            x,
            y: 18 + row * (height + 22),
            heading: sideName(side),
          };
        }),
        height: Math.ceil(sides.length / columns) * (height + 22),
      };
    },
    table: (options) => ({
      columns: ["Of", "Subset", "n", "Mean", "Sd", "5%", "25%", "Median", "75%", "95%"],
      rows: sides.flatMap((side) =>
        shown(side, options).map(({ subset, n, mean, sd, quantiles }) => [
          ...[sideName(side), subset, n, mean, sd],
          ...quantiles,
        ]),
      ),
    }),
  });
}

/** The histograms' whole range, or no more than what is used of it where that is less than half. */
function domainOf(parts: readonly DistributionPart[]): [number, number] {
  const whole = parts.flatMap(({ histogram: { from, to } }) => [from, to]);
  const used = parts.flatMap(({ histogram: { from, to, counts } }) => {
    const edge = (b: number): number => from + ((to - from) * b) / counts.length;
    return [edge(counts.findIndex((n) => n > 0)), edge(counts.findLastIndex((n) => n > 0) + 1)];
  });
  const range = (ends: readonly number[]): [number, number] => [Math.min(...ends), Math.max(...ends)];
  const [all, own] = [range(whole), range(used)];
  return own[1] > own[0] && 2 * (own[1] - own[0]) < all[1] - all[0] ? own : all;
}

/** Heights are shares over the largest share of them all, so that ridges can be compared. */
function ridgesOf(parts: readonly DistributionPart[], subsets: readonly string[]): Ridge[] {
  const total = ({ histogram }: DistributionPart): number => histogram.counts.reduce((a, b) => a + b, 0) || 1;
  const density = (part: DistributionPart, count: number): number =>
    (count / total(part)) * (part.histogram.counts.length / (part.histogram.to - part.histogram.from));
  const top = Math.max(
    ...parts.flatMap((part) => part.histogram.counts.map((count) => density(part, count))),
  );
  return parts.map((part, i) => {
    const { from, to, counts } = part.histogram;
    const edge = (b: number): number => from + ((to - from) * b) / counts.length;
    return {
      part,
      colour: subsetColour(part.subset, subsets),
      steps: counts.flatMap((count, b) =>
        [edge(b), edge(b + 1)].map((x) => ({ x, h: density(part, count) / (top || 1) })),
      ),
      y: (i + 1) * PITCH - 8,
    };
  });
}

function ridgePlot(
  ridges: readonly Ridge[],
  domain: [number, number],
  width: number,
  height: number,
  label: string,
  options: FigureOptions,
): SVGSVGElement {
  const outline = ridges.flatMap(({ steps, y, colour }, k) =>
    steps.map(({ x, h }) => ({ x, y, top: y - (PITCH - 22) * h, k, colour })),
  );
  const q = (i: number) => (d: Ridge) => d.part.quantiles[i]!;
  return plot(options, {
    width,
    height,
    marginTop: 2,
    marginBottom: 40,
    marginLeft: 12,
    marginRight: 12,
    x: { ...xAxis(label, width), domain },
    y: { domain: [height - 42, 0], axis: null },
    marks: [
      Plot.gridX({ strokeOpacity: 0.08 }),
      Plot.areaY(outline, { x: "x", y1: "y", y2: "top", z: "k", fill: "colour", fillOpacity: 0.35 }),
      Plot.ruleY(ridges, { y: "y", stroke: "currentColor", strokeOpacity: 0.2 }),
      Plot.ruleY(ridges, {
        y: (d: Ridge) => d.y + 4,
        x1: q(0),
        x2: q(4),
        stroke: "colour",
        strokeWidth: 1.2,
      }),
      Plot.ruleY(ridges, {
        y: (d: Ridge) => d.y + 4,
        x1: q(1),
        x2: q(3),
        stroke: "colour",
        strokeWidth: 3.4,
      }),
      Plot.dot(ridges, {
        x: q(2),
        y: (d: Ridge) => d.y + 4,
        r: 2.8,
        fill: "colour",
        stroke: PAPER,
        strokeWidth: 0.8,
      }),
      Plot.text(ridges, {
        y: (d: Ridge) => d.y - PITCH + 20,
        text: (d: Ridge) => fitText(`${d.part.subset} (${whole(d.part.n)})`, width - 20, 11),
        fontSize: 11,
        frameAnchor: "right",
        textAnchor: "end",
        dx: 0,
      }),
      ...hover(options, ridges, { x: q(2), y: (d) => d.y + 4, text: ({ part }) => partText(part) }),
    ],
  });
}

function partText({ subset, n, mean, sd, quantiles }: DistributionPart): string {
  const [q5, q25, median, q75, q95] = quantiles.map((x) => fixed(x, 3));
  return [
    `${subset}, n ${whole(n)}`,
    `mean ${fixed(mean, 3)}, sd ${fixed(sd, 3)}`,
    `median ${median}`,
    `25% ${q25}, 75% ${q75}`,
    `5% ${q5}, 95% ${q95}`,
  ].join("\n");
}
