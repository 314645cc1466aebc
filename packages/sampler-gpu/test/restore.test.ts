import { expect, test } from "vitest";
import type { Engine } from "../src/engine.ts";
import { createEngine, planModel, targetOf } from "../src/plan.ts";
import { seedFrom } from "../src/random/philox.ts";
import { penicillin, verbAgg } from "./models.ts";

const request = (first: number) => ({
  first,
  steps: Int32Array.of(3, 2, 4, 1, 3),
  stepSizes: Float64Array.of(0.4, 0.5, 0.3, 0.6, 0.4),
  record: true,
});

test.each([
  ["collapsed", "float64", penicillin],
  ["latent", "float64", verbAgg],
  ["latent", "float32", verbAgg],
] as const)(
  "an engine whose state was restored goes on to the bit (%s, %s)",
  async (density, precision, model) => {
    const plan = planModel(model(), 100, { density, precision });
    const make = (): Promise<Engine> => createEngine(plan, [0, 1, 2], seedFrom(7));
    const geometry = targetOf(plan).initial();
    const first = await make();
    await first.init(geometry);
    await first.transitions(request(0));
    const state = await first.state();
    const expected = await first.transitions(request(5));
    const second = await make();
    await second.restore(geometry, state);
    expect(await second.transitions(request(5))).toEqual(expected);
  },
);
