import type { DrawsSource } from "@bridgewise/core";
import type { DrawsBlock } from "./block.ts";

/** Draws of some variables of a source, for the page. */
export async function encodeDraws(source: DrawsSource, variables: readonly string[]): Promise<DrawsBlock> {
  const { chains, draws } = source;
  const size = chains * draws;
  const values = new Float64Array(variables.length * size);
  for (const [v, name] of variables.entries())
    values.set(await source.read(source.variables.indexOf(name)), v * size);
  return { chains, draws, variables, base64: Buffer.from(values.buffer).toString("base64") };
}

/** The same block with some of its variables alone. */
export function narrowDraws(block: DrawsBlock, variables: readonly string[]): DrawsBlock {
  if (variables.length === block.variables.length) return block;
  const bytes = Buffer.from(block.base64, "base64");
  const size = 8 * block.chains * block.draws;
  const parts = variables.map((name) => {
    const at = block.variables.indexOf(name) * size;
    return bytes.subarray(at, at + size);
  });
  return { ...block, variables, base64: Buffer.concat(parts).toString("base64") };
}
