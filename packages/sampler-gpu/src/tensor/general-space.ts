import { variableNames } from "@bridgewise/core";
import type { Geometry } from "../engine.ts";
import { GeneralBlock } from "../general/general-block.ts";
import type { GeneralLayout } from "../general/general-layout.ts";
import type { GeneralProblem } from "../general/general-problem.ts";
import { foldScales, reportGeneral } from "../general/general-report.ts";
import type { Seed } from "../random/philox.ts";
import { generalGeometry, layOutGeneral } from "./general-data.ts";
import { GeneralDensity } from "./general-density.ts";
import type { Position } from "./position.ts";
import type { Space } from "./space.ts";

/** Any model: families, effects of several coefficients, offsets. */
export function generalSpace(
  problem: GeneralProblem,
  layout: GeneralLayout,
  seed: Seed,
  reportedLevels: number,
): Space {
  const data = layOutGeneral(problem, layout);
  const density = new GeneralDensity(problem, layout, data, reportedLevels);
  return {
    name: "general",
    variant: [],
    density,
    data: data.arrays,
    geometry: (geometry) => generalGeometry(problem, layout, geometry),
    move: (from, to, position) => moveGeneral(problem, layout, seed, from, to, position),
    fold: (theta) => foldScales(problem, layout, theta, 0, 1),
    variables: variableNames(problem.model, reportedLevels).length,
    report: ({ theta, reported, from }, out, offset) =>
      reportGeneral(
        problem,
        layout,
        theta,
        (t, j, a) => {
          const { levels, size } = problem.terms[t]!;
          const dense = layout.denseAt[t]!;
          return dense >= 0
            ? theta[dense + j * size + a]!
            : reported[from + density.reportedAt[t]! + a * levels + j]!;
        },
        reportedLevels,
        out,
        offset,
      ),
  };
}

/** Keeps what the positions stand for, as the embedded engine does, a lane of which is lent for it. */
function moveGeneral(
  problem: GeneralProblem,
  layout: GeneralLayout,
  seed: Seed,
  from: Geometry,
  to: Geometry,
  [w, ...latents]: Position,
): void {
  const block = new GeneralBlock(problem, layout, [0, 1], seed);
  const n = layout.globals;
  const z = new Float64Array(layout.latents);
  for (let c = 0; c < w!.length / n; c++) {
    const own = w!.subarray(c * n, (c + 1) * n);
    const parts = layout.transported.map((t, i) => {
      const width = problem.terms[t]!.levels * problem.terms[t]!.size;
      const at = layout.latentAt[t]!;
      return {
        inBlock: z.subarray(at, at + width),
        inPosition: latents[i]!.subarray(c * width, (c + 1) * width),
      };
    });
    for (const { inBlock, inPosition } of parts) inBlock.set(inPosition);
    block.writePosition(0, own, z);
    block.restore(from);
    block.setGeometry(to);
    block.readPosition(0, own, z);
    for (const { inBlock, inPosition } of parts) inPosition.set(inBlock);
  }
}
