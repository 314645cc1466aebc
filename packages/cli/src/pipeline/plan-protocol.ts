import type { PlanPart, PlanTask, PlanTaskResult } from "./plan-task.ts";
import type { DataFile } from "./ratings.ts";

/** What a thread of a plan starts with. */
export interface PlanThreadData {
  /** With its table, without its bytes. */
  readonly data: DataFile;
  /** One int32 in shared memory: not 0 where the work is to stop. */
  readonly stop: SharedArrayBuffer;
}

export interface TaskRequest {
  readonly task: PlanTask;
}

/** What a thread says of its task: the last is one of done, failed, stopped, fault. */
export type TaskAnswer =
  | { readonly kind: "progress"; readonly part: PlanPart; readonly share: number }
  | { readonly kind: "note"; readonly note: string }
  | { readonly kind: "done"; readonly result: PlanTaskResult }
  /** Its data, its model or its sampling did not allow it: in one line. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "stopped" }
  /** A fault of the program, with its stack. */
  | { readonly kind: "fault"; readonly message: string };
