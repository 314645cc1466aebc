import { FAMILIES } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { splitCovariance } from "../src/general/effects-factor.ts";
import { createGeneralEngine } from "../src/general/general-engine.ts";
import { generalLayout } from "../src/general/general-layout.ts";
import { prepareGeneral } from "../src/general/general-problem.ts";
import { generalTarget } from "../src/general/general-target.ts";
import { seedFrom } from "../src/random/philox.ts";
import { numbers } from "./designs.ts";
import { type GeneralShape, generalDesign } from "./general-models.ts";
import { generalOracle } from "./general-oracle.ts";

const cases: [(typeof FAMILIES)[number], GeneralShape, "transport" | "noncentred", boolean][] = [
  ...FAMILIES.map((family) => [family, "slopes", "transport", false] as const),
  ...FAMILIES.map((family) => [family, "nested", "transport", false] as const),
  ["gaussian", "uncorrelated", "transport", false],
  ["cumulative", "crossed", "transport", false],
  ["gaussian", "dense", "transport", false],
  ["student_t", "siblings", "transport", false],
  ["binomial", "split", "transport", false],
  ["bernoulli", "slopes", "noncentred", false],
  ["cumulative", "nested", "transport", true],
].map(([family, shape, how, prior]) => [family, shape, how, prior] as never);

describe("general density", () => {
  it.each(cases)(
    "agrees with the plain one, value and force: %s, %s, %s, prior only %s",
    async (family, shape, how, priorOnly) => {
      const design = generalDesign(family, shape);
      const problem = prepareGeneral(priorOnly ? { ...design, priorOnly } : design);
      const layout = generalLayout(problem);
      expect(layout.denseAt.some((at) => at >= 0)).toBe(shape === "dense");
      const lanes = 4;
      const block = (await createGeneralEngine(problem, layout, [0, 1, 2, 3], seedFrom(1), 100)).blocks[0]!;
      const geometry = generalTarget(problem, layout, how).initial();
      const n = layout.globals;
      const w = numbers(n * lanes, 2).map((v) => 0.5 * v);
      const z = numbers(layout.latents * lanes, 3);
      const { value, forceW, forceZ } = block.probe(geometry, w, z);
      let dense = layout.latents;
      const effectAt = problem.terms.map((term, t) => {
        if (layout.latentAt[t]! >= 0) return layout.latentAt[t]!;
        dense += term.levels * term.size;
        return dense - term.levels * term.size;
      });
      const valueAt = (ws: Float64Array, zs: Float64Array, c: number): number => {
        const p = block.probe(geometry, ws, zs);
        const theta = Float64Array.from({ length: n }, (_, k) => p.theta[k * lanes + c]!);
        const effect = (t: number, j: number, a: number): number =>
          p.effects[(effectAt[t]! + j * problem.terms[t]!.size + a) * lanes + c]!;
        return generalOracle(problem, layout, theta, effect, geometry.general!);
      };
      // constants of the families that the engine leaves out are the same everywhere
      const gaps = [0, 1, 2, 3].map((c) => value[c]! - valueAt(w, z, c));
      for (const gap of gaps) expect(Math.abs(gap - gaps[0]!)).toBeLessThan(1e-9 * (1 + Math.abs(value[0]!)));

      const h = 1e-5;
      const slope = (which: Float64Array, i: number, c: number): number => {
        const at = i * lanes + c;
        const keep = which[at]!;
        which[at] = keep + h;
        const up = valueAt(w, z, c);
        which[at] = keep - h;
        const down = valueAt(w, z, c);
        which[at] = keep;
        return (up - down) / (2 * h);
      };
      const c = 3;
      const check = (which: Float64Array, force: Float64Array, count: number): void => {
        for (let i = 0; i < count; i++) {
          const own = force[i * lanes + c]!;
          expect(Math.abs(slope(which, i, c) + which[i * lanes + c]! - own)).toBeLessThan(
            5e-6 * (1 + Math.abs(own)),
          );
        }
      };
      check(w, forceW, n);
      check(z, forceZ, layout.latents);
    },
  );
});

it("a covariance that is not finite ends in NaN, not in an endless search", () => {
  for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, 0]) {
    const { sd, factor } = splitCovariance(2, Float64Array.of(broken, 0, 0, 1));
    expect([...sd, ...factor].every(Number.isNaN)).toBe(true);
  }
});
