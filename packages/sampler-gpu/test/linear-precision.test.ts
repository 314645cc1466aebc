import { describe, expect, it } from "vitest";
import { scaleCoordinate } from "../src/density/scale.ts";
import { layoutOf } from "../src/geometry/layout.ts";
import { solveReference } from "../src/geometry/transport.ts";
import { inverse } from "../src/linear/cholesky.ts";
import { type Problem, prepare } from "../src/problem.ts";
import { design } from "./designs.ts";

const SIGMA = 0.6;

/** [columns x columns] X'WX with W = (sigma^2 + Z D Z')^-1, by that matrix itself; flat priors. */
function marginalPrecision({ rows, columns, x, terms }: Problem, sd: readonly number[]): Float64Array {
  const covariance = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    covariance[i * rows + i]! += SIGMA ** 2;
    for (let l = 0; l < rows; l++)
      terms.forEach(({ index }, t) => {
        if (index[i] === index[l]) covariance[i * rows + l]! += sd[t]! ** 2;
      });
  }
  const weights = inverse(covariance, rows)!;
  const out = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i++)
    for (let l = 0; l < rows; l++)
      for (let a = 0; a < columns; a++)
        for (let b = 0; b < columns; b++)
          out[a * columns + b]! += x[i * columns + a]! * weights[i * rows + l]! * x[l * columns + b]!;
  return out;
}

describe.each([
  ["nested", { deep: false }, [0.4, 0.3, 0.25]],
  ["nested thrice", { deep: true }, [0.4, 0.3, 0.3, 0.25]],
] as const)("precision of the linear parameters, %s terms crossed with another", (_, options, sd) => {
  it("is that with all effects integrated out", () => {
    const prepared = prepare(design("gaussian", { rows: 120, ...options }));
    const problem: Problem = {
      ...prepared,
      terms: prepared.terms.map((term) => ({ ...term, mode: "transport" })),
    };
    const layout = layoutOf(problem);
    const theta = new Float64Array(layout.globals);
    sd.forEach((s, t) => {
      theta[layout.scale + t] = scaleCoordinate(problem.scales[t]!, s);
    });
    theta[layout.logSigma] = Math.log(SIGMA);
    const { precision } = solveReference(problem, layout, theta, "transport");
    const exact = marginalPrecision(problem, sd);
    const scale = (k: number): number => exact[k * problem.columns + k]!;
    for (let a = 0; a < problem.columns; a++)
      for (let b = 0; b < problem.columns; b++) {
        const gap = precision[a * problem.columns + b]! - exact[a * problem.columns + b]!;
        // a normal prior of sd 3 on the slopes adds 1/9
        const prior = a === b && a > 0 ? 1 / 9 : 0;
        expect(Math.abs(gap - prior) / Math.sqrt(scale(a) * scale(b)), `${a}, ${b}`).toBeLessThan(0.02);
      }
  });
});
