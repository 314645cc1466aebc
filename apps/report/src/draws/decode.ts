import type { Draws } from "@bridgewise/core";
import type { DrawsBlock } from "./block.ts";

/** A block's draws, in memory, to the bit. */
export function decodeDraws({ chains, draws, variables, base64 }: DrawsBlock): Draws {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  // little-endian, as every machine that runs JavaScript engines today
  return { chains, draws, variables, values: new Float64Array(bytes.buffer) };
}
