import { SIMULATED } from "../export/describe-run.ts";
import { drawsFromArrow } from "../run/arrow.ts";
import type { ReadDraws } from "./imported-draws.ts";

/** Draws from the bytes of an Arrow IPC file with the columns of a run's draws.arrow. */
export async function readArrowDraws(bytes: Uint8Array, file: string): Promise<ReadDraws> {
  const draws = await drawsFromArrow(bytes, file);
  const { tableFromIPC } = await import("apache-arrow");
  const simulated = tableFromIPC(bytes).schema.metadata.get("simulated") === SIMULATED;
  return { draws, warmup: null, seed: null, simulated };
}
