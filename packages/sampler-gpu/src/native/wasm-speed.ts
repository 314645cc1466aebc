import { version_wasm as version } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { ownedOutputs } from "../trace/owned-outputs.ts";
import { gradientsPerSecond } from "./speed.ts";

/** The speed test on tfjs-wasm, op by op in this thread. */
export async function wasmSpeed(seconds: number): Promise<{ version: string; gradientsPerSecond: number }> {
  const activate = async (): Promise<void> => {
    if (!(await tf.setBackend("wasm"))) throw new Error("tfjs-wasm does not start");
  };
  const speed = await gradientsPerSecond(
    {
      engine: "wasm",
      mode: "eager",
      activate,
      prepare: async (_name, _specs, body) => ({
        run: (inputs) => ownedOutputs(() => body(inputs)),
        dispose() {},
      }),
    },
    seconds,
  );
  return { version, gradientsPerSecond: speed };
}
