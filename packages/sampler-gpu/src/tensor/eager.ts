import type { Tensor } from "@tensorflow/tfjs-core";
import { ownedOutputs } from "../trace/owned-outputs.ts";
import type { Program } from "./runtime.ts";

/** A program that runs its body op by op: what it makes on the way is disposed of. */
export function eagerProgram(body: (inputs: readonly Tensor[]) => Tensor[]): Program {
  return { run: (inputs) => ownedOutputs(() => body(inputs)), dispose: () => {} };
}
