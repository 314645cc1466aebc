import { createHash } from "node:crypto";
import type { OpenedRun } from "./open-run.ts";

/** [rows] line of each of the model's rows in the data file; the header is line 1. */
export function linesOf({ frame, kept }: OpenedRun): number[] {
  return Array.from(kept, (row) => frame.lines?.[row] ?? row + 2);
}

/** What a run's observations are, for files whose figures are theirs. */
export function observedData({ manifest, model }: OpenedRun): { sha256: string; y: string } {
  const { buffer, byteOffset, byteLength } = model.y;
  return {
    sha256: manifest.data.sha256,
    y: createHash("sha256")
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest("hex"),
  };
}
