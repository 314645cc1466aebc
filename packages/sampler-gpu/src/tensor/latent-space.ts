import { variableNames } from "@bridgewise/core";
import type { Layout } from "../geometry/layout.ts";
import { reportModel } from "../model-report.ts";
import type { Problem } from "../problem.ts";
import { GlobalBlock } from "./globals.ts";
import { latentGeometry, layOutRows, shiftsOf } from "./latent-data.ts";
import { LatentDensity } from "./latent-density.ts";
import { moveLatents } from "./latent-position.ts";
import type { Space, Spaces } from "./space.ts";

/** The full latent space of a model; a program for each set of terms whose effects follow the linear globals. */
export function latentSpaces(problem: Problem, layout: Layout, reportedLevels: number): Spaces {
  const data = layOutRows(problem, layout);
  const globals = new GlobalBlock(problem, layout);
  const variables = variableNames(problem.model, reportedLevels).length;
  const spaces = new Map<string, Space>();
  /** [terms] where a term's effects stand in what the density reports. */
  let reported = 0;
  const reportedAt = new Map<number, number>();
  for (const t of layout.transported) {
    const { levels } = problem.terms[t]!;
    if (levels > reportedLevels) continue;
    reportedAt.set(t, reported);
    reported += levels;
  }
  return (geometry, variant) => {
    // a term that once followed the linear globals goes on to, by 0 where it need not: that costs less than another program
    const shifts = shiftsOf(layout, geometry).map((s, t) => s || variant?.[t] === 1);
    const name = `latent_${shifts.map((s) => (s ? 1 : 0)).join("")}`;
    const known = spaces.get(name);
    if (known) return known;
    const space: Space = {
      name,
      variant: shifts.map(Number),
      density: new LatentDensity(problem, layout, data, globals, shifts, reportedLevels),
      data: data.arrays,
      geometry: (g) => ({ ...globals.geometry(g), ...latentGeometry(problem, layout, data, shifts, g) }),
      move: (from, to, position) => moveLatents(problem, layout, from, to, position),
      fold: (theta) => {
        for (let t = 0; t < layout.terms; t++) theta[layout.scale + t] = Math.abs(theta[layout.scale + t]!);
      },
      variables,
      report: (draw, out, offset) =>
        reportModel(
          problem,
          layout,
          reportedLevels,
          (k) => draw.theta[k]!,
          (t, j) => draw.reported[draw.from + reportedAt.get(t)! + j]!,
          out,
          offset,
        ),
    };
    spaces.set(name, space);
    return space;
  };
}
