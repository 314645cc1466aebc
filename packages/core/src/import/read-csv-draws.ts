import { toBytes } from "../csv/parse-csv.ts";
import { readRecords } from "../csv/records.ts";
import { InputError } from "../input-error.ts";
import { arrangeDraws } from "./arrange.ts";
import { drawNumber, shown } from "./draw-number.ts";
import type { ReadDraws } from "./imported-draws.ts";
import { type DrawsLayout, drawsLayout } from "./layout.ts";
import { Numbers } from "./numbers.ts";

/** Draws from a CSV file, wide or long (see `drawsLayout`), in any order of rows. */
export function readCsvDraws(bytes: Uint8Array, file: string): ReadDraws {
  let header: readonly string[] = [];
  let layout: DrawsLayout | undefined;
  const [chain, iteration, lines, values] = [new Numbers(), new Numbers(), new Numbers(), new Numbers()];
  /** Of the long layout. */
  const variables = new Map<string, number[]>();

  readRecords(toBytes(bytes, file), file, (cells, line) => {
    if (layout === undefined) {
      header = cells;
      layout = drawsLayout(header, file);
      return;
    }
    if (cells.length !== header.length)
      throw new InputError(
        `${cells.length} cells where the header has ${header.length}: the file is cut off here, or the row is broken; copy it again from its source`,
        { file, line },
      );
    const number = (k: number): number => {
      const value = drawNumber(cells[k]!);
      if (value === undefined)
        throw new InputError(`${shown(cells[k]!)} is not a number; write a number, NaN, Inf or -Inf`, {
          file,
          line,
          column: header[k]!,
        });
      return value;
    };
    const whole = (k: number): number => {
      const value = number(k);
      if (!Number.isSafeInteger(value))
        throw new InputError(`${shown(cells[k]!)} is not a whole number; number chains and draws 1, 2, 3`, {
          file,
          line,
          column: header[k]!,
        });
      return value;
    };
    if (layout.long) {
      const name = cells[layout.long.variable]!;
      const own = variables.get(name);
      if (own === undefined) variables.set(name, [lines.length]);
      else own.push(lines.length);
      values.push(number(layout.long.value));
    } else for (const k of layout.variables!) values.push(number(k));
    chain.push(whole(layout.chain));
    iteration.push(whole(layout.iteration));
    lines.push(line);
  });
  if (layout === undefined) throw new InputError("the file is empty; give a file of draws", { file });
  const place = (row?: number) => (row === undefined ? { file } : { file, line: lines.values[row]! });
  const draws = layout.long
    ? fromLong(variables, chain.values, iteration.values, values.values, place)
    : fromWide(
        layout.variables!.map((k) => header[k]!),
        chain.values,
        iteration.values,
        values.values,
        place,
      );
  return { draws, warmup: null, seed: null, simulated: false };
}

type Place = (row?: number) => { readonly file: string; readonly line?: number };

function fromWide(
  variables: readonly string[],
  chain: Float64Array,
  iteration: Float64Array,
  rows: Float64Array,
  place: Place,
): ReadDraws["draws"] {
  const { cells, ...size } = arrangeDraws(chain, iteration, place);
  const values = new Float64Array(rows.length);
  for (let row = 0, at = 0; row < cells.length; row++)
    for (let v = 0; v < variables.length; v++) values[v * cells.length + cells[row]!] = rows[at++]!;
  return { variables, ...size, values };
}

function fromLong(
  variables: ReadonlyMap<string, readonly number[]>,
  chain: Float64Array,
  iteration: Float64Array,
  value: Float64Array,
  place: Place,
): ReadDraws["draws"] {
  const names = [...variables.keys()];
  const values = new Float64Array(value.length);
  let size: { chains: number; draws: number } | undefined;
  let at = 0;
  for (const [name, rows] of variables) {
    const { cells, chains, draws } = arrangeDraws(
      rows.map((row) => chain[row]!),
      rows.map((row) => iteration[row]!),
      (k) => place(k === undefined ? k : rows[k]),
    );
    size ??= { chains, draws };
    if (size.chains !== chains || size.draws !== draws)
      throw new InputError(
        `variable '${name}' has ${chains} chains of ${draws} draws, but '${names[0]}' has ${size.chains} of ${size.draws}: rows are missing; the file may be cut off, copy it again`,
        { file: place().file },
      );
    for (const [k, row] of rows.entries()) values[at + cells[k]!] = value[row]!;
    at += rows.length;
  }
  if (size === undefined)
    throw new InputError("holds no draws; give a file with a row for each draw", { file: place().file });
  return { variables: names, ...size, values };
}
