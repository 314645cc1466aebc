import { squareBrackets } from "../export/stan-names.ts";
import { InputError } from "../input-error.ts";
import { drawNumber, shown } from "./draw-number.ts";
import type { ReadDraws } from "./imported-draws.ts";
import { Numbers } from "./numbers.ts";
import { type StanSettings, stanSettings } from "./stan-comments.ts";

/** A chain's file, its text in pieces of any size. */
export interface StanCsvFile {
  readonly file: string;
  readonly text: AsyncIterable<string> | Iterable<string>;
}

interface StanChain {
  readonly file: string;
  readonly columns: readonly string[];
  /** [draws][columns] after warm-up. */
  readonly rows: Float64Array;
  readonly draws: number;
  readonly settings: StanSettings;
}

const AGAIN = "copy it again from its source, or wait until the program that writes it has ended";

/**
 * Draws from Stan CSV files, one for each chain, as CmdStan, rstan and `bridgewise export --to stan-csv` write them. Rows of warm-up are
 * dropped, Stan's `b.1` is `b[1]`, the sampler's columns (`lp__`, `divergent__`) are still among the variables.
 */
export async function readStanCsv(files: readonly StanCsvFile[]): Promise<ReadDraws> {
  const chains: StanChain[] = [];
  for (const file of files) {
    const chain = await readChain(file);
    if (chains.length > 0) checkSame(chains[0]!, chain);
    chains.push(chain);
  }
  const { columns, draws, settings } = chains[0]!;
  const size = chains.length * draws;
  const values = new Float64Array(columns.length * size);
  for (const [c, { rows }] of chains.entries())
    for (let t = 0, at = 0; t < draws; t++)
      for (let v = 0; v < columns.length; v++) values[v * size + c * draws + t] = rows[at++]!;
  const variables = columns.map((name) => settings.names.get(name) ?? squareBrackets(name));
  return {
    draws: { variables, chains: chains.length, draws, values },
    warmup: settings.warmup,
    seed: settings.seed,
    simulated: chains.some((chain) => chain.settings.simulated),
  };
}

async function readChain({ file, text }: StanCsvFile): Promise<StanChain> {
  const comments: string[] = [];
  const rows = new Numbers();
  let columns: readonly string[] | undefined;
  let line = 0;
  const take = (content: string, whole: boolean): void => {
    line++;
    if (content === "") return;
    if (content.startsWith("#")) comments.push(content);
    else if (columns === undefined) columns = headerOf(content, file, line);
    else {
      const cells = content.split(",");
      if (cells.length !== columns.length || !whole)
        throw new InputError(
          `${whole || cells.length !== columns.length ? `${cells.length} cells where the header has ${columns.length}` : "the last line has no end"}: the file is cut off here; ${AGAIN}`,
          { file, line },
        );
      for (const [k, cell] of cells.entries()) {
        const value = drawNumber(cell);
        if (value === undefined)
          throw new InputError(`${shown(cell)} is not a number; ${AGAIN}`, {
            file,
            line,
            column: columns[k]!,
          });
        rows.push(value);
      }
    }
  };
  let rest = "";
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const content of lines) take(content.replace(/\r$/, ""), true);
  }
  if (rest !== "") take(rest, false);
  if (columns === undefined)
    throw new InputError(
      line === 0 ? `the file is empty; ${AGAIN}` : `holds no draws, only comments; ${AGAIN}`,
      { file },
    );

  const settings = stanSettings(comments, file);
  const { savedWarmup, samples } = settings;
  const found = rows.length / columns.length;
  if (found <= savedWarmup)
    throw new InputError(`holds no draws after ${savedWarmup} of warm-up (${found} rows); ${AGAIN}`, {
      file,
    });
  const draws = found - savedWarmup;
  if (samples !== null && draws !== samples)
    throw new InputError(
      `has ${draws} draws after warm-up, but its comments say ${samples}: ${draws < samples ? "the file is cut off" : "rows were added"}; ${AGAIN}`,
      { file, line },
    );
  return { file, columns, draws, settings, rows: rows.values.subarray(savedWarmup * columns.length) };
}

function headerOf(content: string, file: string, line: number): readonly string[] {
  const columns = content.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const seen = new Set<string>();
  for (const name of columns) {
    if (/^[A-Za-z]/.test(name) && !seen.has(name)) {
      seen.add(name);
      continue;
    }
    throw new InputError(
      `${shown(name)} is ${seen.has(name) ? "there twice" : "no name of a variable"}: this is not a Stan CSV file; give a file that Stan wrote, or --format csv`,
      { file, line },
    );
  }
  return columns;
}

function checkSame(first: StanChain, chain: StanChain): void {
  const { columns, draws, file } = first;
  const k = Array.from({ length: Math.max(columns.length, chain.columns.length) }, (_, i) => i).find(
    (i) => columns[i] !== chain.columns[i],
  );
  if (k !== undefined)
    throw new InputError(
      `column ${k + 1} is ${name(chain.columns[k])}, in ${file} ${name(columns[k])}: these are chains of different models; give the files of one fit`,
      { file: chain.file },
    );
  if (chain.draws !== draws)
    throw new InputError(
      `has ${chain.draws} draws, but ${file} has ${draws}: chains must be equally long; give the files of one fit, or fit it again`,
      { file: chain.file },
    );
}

const name = (column: string | undefined): string => (column === undefined ? "missing" : `'${column}'`);
