import type { DrawsBlock } from "../run/draws-block.ts";
import { CHAIN, ITERATION } from "../run/draws-format.ts";
import { notFinite, shortest } from "./shortest.ts";

/** R's number of a draw over all chains, in `posterior::as_draws_df`. */
export const DRAW = ".draw";

/**
 * Draws as CSV in the layout of R's `posterior::as_draws_df`: `.chain`, `.iteration`, `.draw` (from 1), then the variables, a row a
 * draw. Numbers are the shortest that read back to the same float64; as in R, those that are not finite are NaN, Inf and -Inf.
 */
export async function* drawsToCsv(
  variables: readonly string[],
  blocks: AsyncIterable<DrawsBlock>,
  drawsPerChain: number,
): AsyncGenerator<string> {
  yield `${[CHAIN, ITERATION, DRAW, ...variables].map(csvCell).join(",")}\n`;
  for await (const { chain, from, draws, values } of blocks) {
    for (let t = 0; t < draws; t++) {
      const iteration = from + t + 1;
      let line = `${chain},${iteration},${(chain - 1) * drawsPerChain + iteration}`;
      for (let at = t; at < values.length; at += draws) line += `,${csvNumber(values[at]!)}`;
      yield `${line}\n`;
    }
  }
}

const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** As R writes numbers that are not finite. */
const csvNumber = (value: number): string =>
  Number.isFinite(value) ? shortest(value) : notFinite(value, "NaN", "Inf");
