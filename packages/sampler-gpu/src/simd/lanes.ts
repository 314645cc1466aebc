import type { Precision } from "../settings.ts";
import { lanesOf } from "./kernel.ts";

/** Chains beyond the last one fill a block's lanes; they are numbered from here and never reported. */
const IDLE_CHAIN = 1 << 30;

/** Chains in blocks of four lanes, or, in float64, two where no more are left. */
export function blocksOf(chains: readonly number[], precision: Precision): number[][] {
  const blocks: number[][] = [];
  for (let i = 0; i < chains.length; i += 4) {
    const own = chains.slice(i, i + 4);
    const lanes = own.length > 2 ? 4 : lanesOf(precision);
    while (own.length < lanes) own.push(IDLE_CHAIN + own.length);
    blocks.push(own);
  }
  return blocks;
}
