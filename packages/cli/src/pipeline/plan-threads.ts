import { Worker } from "node:worker_threads";
import type { PlanThreadData, TaskAnswer, TaskRequest } from "./plan-protocol.ts";
import type { PlanPart, PlanTask, PlanTaskResult } from "./plan-task.ts";
import type { DataFile } from "./ratings.ts";
import type { StopSignal } from "./run.ts";

export type TaskOutcome =
  | { readonly kind: "done"; readonly result: PlanTaskResult }
  | { readonly kind: "failed"; readonly message: string };

export interface TaskEvents {
  /** `task`: its index. */
  readonly onProgress: (task: number, part: PlanPart, share: number) => void;
  readonly onNote: (task: number, note: string) => void;
  readonly onDone: (task: number, outcome: TaskOutcome) => void;
}

/** Milliseconds between looks at the signal. */
const LOOK = 50;

/**
 * Runs tasks in their order over threads, several at once, one thread each: a fit alone cannot use a second thread for all of its time, and
 * small fits not at all. Their results come in the order of the tasks; undefined where work was stopped first, which leaves checkpoints.
 */
export async function runTasks(
  tasks: readonly PlanTask[],
  data: DataFile,
  {
    threads,
    signal,
    onProgress,
    onNote,
    onDone,
  }: TaskEvents & {
    readonly threads: number;
    readonly signal: StopSignal;
  },
): Promise<(TaskOutcome | undefined)[]> {
  const outcomes: (TaskOutcome | undefined)[] = tasks.map(() => undefined);
  const stop = new SharedArrayBuffer(4);
  const flag = new Int32Array(stop);
  const look = setInterval(() => {
    if (signal.aborted) Atomics.store(flag, 0, 1);
  }, LOOK);
  const workerData: PlanThreadData = { data: { ...data, bytes: new Uint8Array(0) }, stop };
  // run from source, the worker is TypeScript too
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const url = new URL(`./plan-worker.${extension}`, import.meta.url);
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(url, { workerData });
    try {
      while (next < tasks.length && !signal.aborted) {
        const at = next++;
        const outcome = await ask(
          worker,
          { task: tasks[at]! },
          {
            onProgress: (part, share) => onProgress(at, part, share),
            onNote: (note) => onNote(at, note),
          },
        );
        if (outcome === undefined) return;
        outcomes[at] = outcome;
        onDone(at, outcome);
      }
    } catch (error) {
      Atomics.store(flag, 0, 1);
      throw error;
    } finally {
      await worker.terminate();
    }
  };
  try {
    const all = await Promise.allSettled(Array.from({ length: Math.min(threads, tasks.length) }, work));
    for (const one of all) if (one.status === "rejected") throw one.reason;
  } finally {
    clearInterval(look);
  }
  return outcomes;
}

/** Undefined: it was stopped. */
function ask(
  worker: Worker,
  request: TaskRequest,
  {
    onProgress,
    onNote,
  }: {
    readonly onProgress: (part: PlanPart, share: number) => void;
    readonly onNote: (note: string) => void;
  },
): Promise<TaskOutcome | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.removeListener("message", onMessage);
      worker.removeListener("error", onError);
      worker.removeListener("exit", onExit);
      act();
    };
    const onMessage = (answer: TaskAnswer): void => {
      if (answer.kind === "progress") onProgress(answer.part, answer.share);
      else if (answer.kind === "note") onNote(answer.note);
      else if (answer.kind === "stopped") settle(() => resolve(undefined));
      else if (answer.kind === "fault")
        settle(() => reject(new Error(`a thread of the plan failed: ${answer.message}`)));
      else settle(() => resolve(answer));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`a thread of the plan ended early (code ${code})`)));
    worker.on("message", onMessage);
    worker.once("error", onError);
    worker.once("exit", onExit);
    worker.postMessage(request);
  });
}
