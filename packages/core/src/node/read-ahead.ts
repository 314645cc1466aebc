import type { DrawsSource } from "../posterior/draws.ts";
import type { DrawsReader } from "./draws-reader.ts";

/** Values that are held ahead: 8 MB. */
const AHEAD_VALUES = 1 << 20;

/** A reader's draws for one who reads variable after variable: as soon as one follows another, the next ones are read with it. */
export function readAhead(reader: DrawsReader, ahead: number = AHEAD_VALUES): DrawsSource {
  const { variables, chains, draws } = reader;
  const size = chains * draws;
  const most = Math.max(1, Math.floor(ahead / size));
  let first = 0;
  let held: Float64Array = new Float64Array(0);
  let latest = -2;
  const read = async (variable: number): Promise<Float64Array> => {
    const follows = variable === latest + 1;
    latest = variable;
    const at = (variable - first) * size;
    if (variable >= first && at < held.length) return held.subarray(at, at + size);
    if (!follows) return reader.read(variable);
    held = await reader.readRange(variable, Math.min(most, variables.length - variable));
    first = variable;
    return held.subarray(0, size);
  };
  return { variables, chains, draws, read };
}
