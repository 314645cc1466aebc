import { InputError, type InputPlace } from "../input-error.ts";

/** Where rows belong; chains and iterations in ascending order of their numbers. */
export interface Arrangement {
  readonly chains: number;
  readonly draws: number;
  /** [rows] place of each row in [chains][draws]. */
  readonly cells: Int32Array;
}

/** Chains may have any numbers, iterations gaps; a pair that comes twice and chains of unequal length are InputErrors. */
export function arrangeDraws(
  chain: ArrayLike<number>,
  iteration: ArrayLike<number>,
  place: (row?: number) => InputPlace,
): Arrangement {
  const rows = chain.length;
  if (rows === 0) throw new InputError("holds no draws; give a file with a row for each draw", place());
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => chain[a]! - chain[b]! || iteration[a]! - iteration[b]! || a - b,
  );
  const lengths = new Map<number, number>();
  order.forEach((row, k) => {
    const before = k > 0 ? order[k - 1]! : -1;
    if (before >= 0 && chain[before] === chain[row] && iteration[before] === iteration[row]) {
      const first = place(before).line;
      throw new InputError(
        `chain ${chain[row]}, iteration ${iteration[row]} is there twice${first === undefined ? "" : `, first in line ${first}`}; take one of them out, or number the draws anew`,
        place(row),
      );
    }
    lengths.set(chain[row]!, (lengths.get(chain[row]!) ?? 0) + 1);
  });
  const [[first, draws], ...others] = [...lengths] as [[number, number], ...[number, number][]];
  const odd = others.find(([, length]) => length !== draws);
  if (odd !== undefined)
    throw new InputError(
      `chain ${first} has ${draws} draws, but chain ${odd[0]} has ${odd[1]}: chains must be equally long; the file may be cut off, copy it again, or cut the longer chains`,
      place(),
    );
  const cells = new Int32Array(rows);
  order.forEach((row, k) => {
    cells[row] = k;
  });
  return { chains: lengths.size, draws, cells };
}
