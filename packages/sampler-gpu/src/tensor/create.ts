import type { Target } from "../driver/target.ts";
import { generalTarget } from "../general/general-target.ts";
import { latentTarget } from "../geometry/targets.ts";
import type { Plan } from "../plan.ts";
import type { Seed } from "../random/philox.ts";
import { collapsedProblem, collapsedSpace } from "./collapsed-space.ts";
import { generalSpace } from "./general-space.ts";
import { latentSpaces } from "./latent-space.ts";
import type { TensorRuntime } from "./runtime.ts";
import { TensorEngine } from "./tensor-engine.ts";

/**
 * The plan's density as a tensor program on a runtime, all chains at once. To be driven with `tensorTarget(plan)`: a collapsed model keeps its
 * linear parameters among the globals here, where the embedded engine integrates them too.
 */
export async function createTensorEngine(
  plan: Plan,
  chains: number,
  seed: Seed,
  reportedLevels: number,
  runtime: TensorRuntime,
): Promise<TensorEngine> {
  if (plan.parametrisation === "centred")
    throw new RangeError(
      "the tensor program writes group effects by transport or noncentred, not centred: use the simd engine for that",
    );
  if (plan.density === "general") {
    const space = generalSpace(plan.problem, plan.layout, seed, reportedLevels);
    return new TensorEngine(() => space, chains, seed, runtime);
  }
  if (plan.density === "latent")
    return new TensorEngine(latentSpaces(plan.problem, plan.layout, reportedLevels), chains, seed, runtime);
  const { problem, layout } = collapsedProblem(plan.problem, plan.collapsed);
  const space = collapsedSpace(problem, layout, plan.collapsed, plan.sums, seed, reportedLevels);
  return new TensorEngine(() => space, chains, seed, runtime);
}

/** What the driver asks of the plan's density as `createTensorEngine` has it. */
export function tensorTarget(plan: Plan): Target {
  if (plan.density === "general") return generalTarget(plan.problem, plan.layout, plan.parametrisation);
  if (plan.density === "latent") return latentTarget(plan.problem, plan.layout, plan.parametrisation);
  const { problem, layout } = collapsedProblem(plan.problem, plan.collapsed);
  return latentTarget(problem, layout, "transport");
}
