import type { Target } from "../driver/drive.ts";
import type { Engine } from "../engine.ts";
import { latentTarget } from "../geometry/targets.ts";
import type { Plan } from "../plan.ts";
import type { Seed } from "../random/philox.ts";
import { latentSpaces } from "./latent-space.ts";
import type { TensorRuntime } from "./runtime.ts";
import { TensorEngine } from "./tensor-engine.ts";

/** The plan's density as a tensor program on a runtime, all chains at once. Needs the driver to use `tensorTarget(plan)`. */
export async function createTensorEngine(
  plan: Plan,
  chains: number,
  seed: Seed,
  reportedLevels: number,
  runtime: TensorRuntime,
): Promise<Engine> {
  if (plan.density !== "latent") throw new Error("not yet");
  return new TensorEngine(latentSpaces(plan.problem, plan.layout, reportedLevels), chains, seed, runtime);
}

export function tensorTarget(plan: Plan): Target {
  if (plan.density !== "latent") throw new Error("not yet");
  return latentTarget(plan.problem, plan.layout);
}
