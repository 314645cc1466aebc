import { describe, expect, it } from "vitest";
import { createGeneralEngine } from "../src/general/general-engine.ts";
import { createEngine, planModel, targetOf } from "../src/plan.ts";
import { fillNormals, STREAM, seedFrom } from "../src/random/philox.ts";
import { sample } from "../src/sample.ts";
import { createLatentEngine } from "../src/simd/latent-engine.ts";
import { design } from "./designs.ts";
import { generalDesign } from "./general-models.ts";
import { penicillin } from "./models.ts";

const FIRST = 7;
const request = {
  first: FIRST,
  steps: Int32Array.of(3, 4),
  stepSizes: Float64Array.of(0.4, 0.3),
  record: false,
};

describe("energy", () => {
  const seed = seedFrom(4);
  const chains = [0, 1];
  const densities = {
    latent: () => {
      const plan = planModel(design("bernoulli"), 100, { density: "latent" });
      if (plan.density !== "latent") throw new Error("the plan is not latent");
      const { problem, layout } = plan;
      return { plan, make: () => createLatentEngine(problem, layout, chains, seed, 100, "float64") };
    },
    general: () => {
      const plan = planModel(generalDesign("student_t", "slopes"), 100);
      if (plan.density !== "general") throw new Error("the plan is not general");
      const { problem, layout } = plan;
      return { plan, make: () => createGeneralEngine(problem, layout, chains, seed, 100) };
    },
  };

  it.each(["latent", "general"] as const)(
    "is minus the whitened log density where a transition begins, plus half its momentum's square: %s",
    async (density) => {
      const { plan, make } = densities[density]();
      const { layout } = plan;
      const [engine, oracle] = [await make(), await make()];
      const geometry = targetOf(plan).initial();
      await engine.init(geometry);
      await oracle.init(geometry);
      for (let i = 0; i < 4; i++) {
        const { w, z } = await engine.state();
        const first = FIRST + i;
        const { energy } = await engine.transitions({
          ...request,
          first,
          steps: request.steps.subarray(0, 1),
          stepSizes: request.stepSizes.subarray(0, 1),
        });
        const lanes = (values: Float64Array): Float64Array =>
          values.map((_, k) => values[(k % 2) * (values.length / 2) + (k >> 1)]!);
        const { value } = oracle.blocks[0]!.probe(geometry, lanes(w!), lanes(z!));
        for (let c = 0; c < 2; c++) {
          const squares = [
            [layout.globals, STREAM.globalMomentum],
            [layout.latents, STREAM.latentMomentum],
          ].map(([size, stream]) => {
            const p = new Float64Array(size!);
            fillNormals(p, size!, seed, c, first, stream!, 0, 1);
            return p.reduce((sum, v) => sum + v * v, 0);
          });
          const expected = (squares[0]! + squares[1]!) / 2 - value[c]!;
          expect(Math.abs(energy![c]! - expected)).toBeLessThan(1e-9 * Math.abs(expected));
        }
      }
    },
  );

  it("comes by iteration and chain, on the collapsed density too", async () => {
    const plan = planModel(penicillin(), 100);
    expect(plan.density).toBe("collapsed");
    const make = async (chains: readonly number[]): Promise<Float64Array> => {
      const engine = await createEngine(plan, chains, seedFrom(4));
      await engine.init(targetOf(plan).initial());
      return (await engine.transitions(request)).energy!;
    };
    const all = await make([0, 1, 2, 3]);
    expect(new Set(all).size).toBe(8);
    expect([...(await make([2, 3]))]).toEqual([all[2], all[3], all[6], all[7]]);
  });

  it("moves freely from draw to draw where the posterior is well shaped", async () => {
    const { ebfmi } = await sample(penicillin(), { chains: 3, warmup: 250, draws: 400, seed: 3 });
    expect(ebfmi?.length).toBe(3);
    for (const value of ebfmi!) expect(value).toBeGreaterThan(0.5);
  });
});
