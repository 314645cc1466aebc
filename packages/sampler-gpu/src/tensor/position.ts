import { fillNormals, type Seed, STREAM } from "../random/philox.ts";

/** Positions of all chains in plain memory: by block, [chains x width]. */
export type Position = readonly Float64Array[];

const sizeOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);

/** Chain after chain, each with its blocks one after another: [chains x all widths]. */
export function packPosition(position: Position, widths: readonly number[], chains: number): Float64Array {
  const size = sizeOf(widths);
  const packed = new Float64Array(chains * size);
  let from = 0;
  widths.forEach((width, b) => {
    for (let c = 0; c < chains; c++)
      packed.set(position[b]!.subarray(c * width, (c + 1) * width), c * size + from);
    from += width;
  });
  return packed;
}

export function unpackPosition(packed: Float64Array, widths: readonly number[], chains: number): Position {
  const size = sizeOf(widths);
  let from = 0;
  return widths.map((width) => {
    const block = new Float64Array(chains * width);
    for (let c = 0; c < chains; c++)
      block.set(packed.subarray(c * size + from, c * size + from + width), c * width);
    from += width;
    return block;
  });
}

/** Puts one chain at a starting point: standard normal in the whitened space, times `spread`; the same numbers as the other engines'. */
export function drawStart(
  position: Position,
  widths: readonly number[],
  seed: Seed,
  chain: number,
  attempt: number,
  spread: number,
): void {
  const [globals, ...latents] = widths;
  const w = new Float64Array(globals!);
  const z = new Float64Array(sizeOf(latents));
  fillNormals(w, w.length, seed, chain, attempt, STREAM.globalStart);
  fillNormals(z, z.length, seed, chain, attempt, STREAM.latentStart);
  let from = 0;
  widths.forEach((width, b) => {
    const values = b === 0 ? w : z.subarray(from, from + width);
    if (b > 0) from += width;
    position[b]!.set(
      values.map((v) => v * spread),
      chain * width,
    );
  });
}
