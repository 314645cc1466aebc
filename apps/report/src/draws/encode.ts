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
