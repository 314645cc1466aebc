import type { Draws } from "@bridgewise/core";
import type { DrawsBlock } from "./block.ts";
import { fromBase64 } from "./unpack.ts";

/** A block's draws, in memory, to the bit. */
export const decodeDraws = ({ chains, draws, variables, base64 }: DrawsBlock): Draws => ({
  chains,
  draws,
  variables,
  // little-endian, as every machine that runs JavaScript engines today
  values: new Float64Array(fromBase64(base64).buffer),
});
