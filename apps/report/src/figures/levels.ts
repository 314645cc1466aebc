import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import { known } from "../sentences.ts";
import { colourOf, FONT, ground, NARROW } from "./style.ts";

export interface Level {
  readonly level: string;
  readonly median: number;
  readonly q5: number;
  readonly q95: number;
}

/** What varies by level of a group, the intercept first: `Intercept`, `Days`. */
export function coefficientsOf(run: ReportRun, group: string): string[] {
  const start = `sd_${group}__`;
  return Object.keys(run.summary.variables).flatMap((name) =>
    name.startsWith(start) ? [name.slice(start.length)] : [],
  );
}

/** Reported effects of a group's levels on a coefficient, the largest first. */
export function levelsOf(run: ReportRun, group: string, coefficient = "Intercept"): Level[] {
  const start = `r_${group}[`;
  const end = `,${coefficient}]`;
  return Object.entries(run.summary.variables)
    .flatMap(([name, summary]) => {
      const v = known(summary);
      return v && name.startsWith(start) && name.endsWith(end)
        ? [{ level: name.slice(start.length, -end.length), median: v.median, q5: v.q5, q95: v.q95 }]
        : [];
    })
    .sort((a, b) => b.median - a.median);
}

/** What tells names apart on a phone: the part after the last slash (a model's maker goes), cut to fit. */
export function shortName(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1) || name;
  return last.length > 18 ? `${last.slice(0, 17)}…` : last;
}

/** Level effects as dots with 90% intervals, sorted by estimate. */
export function levelFigure(
  levels: readonly Level[],
  unit: string,
  width: number,
  simulated: boolean,
): SVGSVGElement {
  const narrow = width < NARROW;
  return Plot.plot({
    width,
    height: levels.length * 19 + 56,
    marginTop: 8,
    marginBottom: 40,
    marginLeft: narrow ? 132 : 220,
    marginRight: 14,
    style: { fontFamily: FONT, fontSize: "12px", background: "transparent", overflow: "visible" },
    x: {
      label: `effect, ${unit}`,
      labelAnchor: "center",
      labelArrow: "none",
      nice: true,
      ticks: narrow ? 4 : 8,
    },
    y: {
      domain: levels.map((l) => l.level),
      label: null,
      tickSize: 0,
      tickFormat: (d: string) => (narrow ? shortName(d) : d),
    },
    marks: [
      ...ground(simulated),
      Plot.ruleY(levels, { y: "level", x1: "q5", x2: "q95", stroke: colourOf(1), strokeWidth: 1.6 }),
      Plot.dot(levels, { y: "level", x: "median", r: 3.6, fill: colourOf(1) }),
    ],
  }) as SVGSVGElement;
}
