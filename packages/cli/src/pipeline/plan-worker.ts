// Runs fits of a plan, one at a time, in a thread of its own.
import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "@bridgewise/core";
import { EngineError, SamplingError } from "@bridgewise/sampler-gpu/node";
import { Failed, Stopped } from "../failure.ts";
import type { PlanThreadData, TaskAnswer, TaskRequest } from "./plan-protocol.ts";
import { runPlanTask } from "./plan-task.ts";

/** Milliseconds between reports of progress. */
const EVERY = 100;

const port = parentPort!;
const { data, stop } = workerData as PlanThreadData;
const flag = new Int32Array(stop);
// read from shared memory: a thread that computes takes no messages
const signal = {
  get aborted(): boolean {
    return Atomics.load(flag, 0) !== 0;
  },
};
const say = (answer: TaskAnswer): void => port.postMessage(answer);

port.on("message", async ({ task }: TaskRequest) => {
  let told = 0;
  try {
    const result = await runPlanTask(task, data, {
      signal,
      onNote: (note) => say({ kind: "note", note }),
      onProgress: (part, share) => {
        const now = performance.now();
        if (now - told < EVERY) return;
        told = now;
        say({ kind: "progress", part, share });
      },
    });
    say({ kind: "done", result });
  } catch (error) {
    if (error instanceof Stopped) say({ kind: "stopped" });
    else if (
      error instanceof InputError ||
      error instanceof RangeError ||
      error instanceof SamplingError ||
      error instanceof EngineError ||
      error instanceof Failed
    )
      say({ kind: "failed", message: error.message });
    else
      say({
        kind: "fault",
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
  }
});
