import { ARITHMETIC } from "./arithmetic-ops.ts";
import type { Recorder } from "./recorder.ts";
import { REDUCTIONS } from "./reduction-ops.ts";
import { SHAPE_OPS } from "./shape-ops.ts";
import { VALUE_OPS } from "./value-ops.ts";

/** What can be recorded: tfjs's kernels by name, and this package's own (random numbers). */
export const RECORDERS: Readonly<Record<string, Recorder>> = {
  ...ARITHMETIC,
  ...REDUCTIONS,
  ...SHAPE_OPS,
  ...VALUE_OPS,
};
