import { describe, expect, it } from "vitest";
import { layoutOf } from "../src/geometry/layout.ts";
import { latentTarget } from "../src/geometry/targets.ts";
import { prepare } from "../src/problem.ts";
import { seedFrom } from "../src/random/philox.ts";
import { createLatentEngine } from "../src/simd/latent-engine.ts";
import { prismLike } from "./models.ts";

describe.each(["bernoulli", "gaussian"] as const)("float32 at 30,224 rows, %s", (family) => {
  it("has an energy error against float64 with sd below 0.01", async () => {
    const problem = prepare(prismLike(family));
    const layout = layoutOf(problem);
    const geometry = latentTarget(problem, layout, "transport").initial();
    const make = async (precision: "float64" | "float32") => {
      const engine = await createLatentEngine(problem, layout, [0, 1, 2, 3], seedFrom(5), 100, precision);
      await engine.init(geometry);
      return engine;
    };
    const [wide, narrow] = [await make("float64"), await make("float32")];
    // positions after transitions, and the same ones in both precisions: what decides is the error of differences between them
    const errors: number[] = [];
    for (let i = 0; i < 24; i++) {
      const { acceptance } = await narrow.transitions({
        first: i,
        steps: Int32Array.of(3),
        stepSizes: Float64Array.of(0.4),
        record: false,
      });
      if (i < 4) continue;
      expect(Math.max(...acceptance)).toBeGreaterThan(0);
      const { w, z } = await narrow.state();
      const lanes = (values: Float64Array, size: number): Float64Array =>
        Float64Array.from({ length: 4 * size }, (_, k) => values[(k % 4) * size + Math.floor(k / 4)]!);
      const at = [lanes(w!, layout.globals), lanes(z!, layout.latents)] as const;
      const [a, b] = [wide, narrow].map((engine) => engine.blocks[0]!.probe(geometry, ...at).value);
      await narrow.restore(geometry, { w: w!, z: z! });
      for (let c = 0; c < 4; c++) errors.push(b![c]! - a![c]!);
    }
    const mean = errors.reduce((s, e) => s + e / errors.length, 0);
    const sd = Math.sqrt(errors.reduce((s, e) => s + (e - mean) ** 2 / (errors.length - 1), 0));
    // a difference of two energies has sqrt(2) times the error of one
    expect(Math.SQRT2 * sd).toBeLessThan(0.01);
    expect(sd).toBeGreaterThan(0);
  });
});
