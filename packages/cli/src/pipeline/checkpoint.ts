import { join } from "node:path";
import { InputError } from "@bridgewise/core";
import type { DrawsMark } from "@bridgewise/core/node";
import {
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type Snapshot,
} from "@bridgewise/sampler-gpu/node";
import { version } from "../version.ts";
import type { FitSettings } from "./settings.ts";

/** A fit under way or, as the last one, finished: checkpoint.bin. */
export interface FitCheckpoint {
  readonly format: "bridgewise-fit/1";
  readonly bridgewise: string;
  readonly hash: string;
  readonly settings: FitSettings;
  /** Seconds spent on reading and setting up, each time that the fit was gone on with. */
  readonly setup: number;
  /** What the file of draws holds that belongs to the snapshot. */
  readonly draws: DrawsMark;
  readonly snapshot: Snapshot;
}

export const writeCheckpoint = (checkpoint: Omit<FitCheckpoint, "format" | "bridgewise">): Uint8Array =>
  encodeCheckpoint({ format: "bridgewise-fit/1", bridgewise: version, ...checkpoint });

/** A checkpoint from a run folder; InputError where it is damaged or another version's. `anew`: how the fit is begun anew, for messages. */
export function readCheckpoint(
  bytes: Uint8Array,
  dir: string,
  anew = "begin anew with fit --force",
): FitCheckpoint {
  const place = { file: join(dir, "checkpoint.bin") };
  let value: Partial<FitCheckpoint>;
  try {
    value = decodeCheckpoint(bytes) as Partial<FitCheckpoint>;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new InputError(`${error.message}; ${anew}`, place);
  }
  if (value.format !== "bridgewise-fit/1")
    throw new InputError(`is a checkpoint of something else; ${anew}`, place);
  if (value.bridgewise !== version)
    throw new InputError(
      `was written by bridgewise ${value.bridgewise}, this is ${version}, whose draws may differ; go on with that version, or ${anew}`,
      place,
    );
  return value as FitCheckpoint;
}
