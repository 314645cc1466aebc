import { InputError } from "../input-error.ts";

/** Where a file's rows belong. */
export interface DrawsGrid {
  readonly chains: number;
  readonly draws: number;
  /** [rows] place of each row in [chains][draws]. */
  readonly cells: Int32Array;
}

/** Chains, draws in each, and for each row its place in [chains][draws]; every place must occur once. */
export function readGrid(
  chain: ArrayLike<number | bigint>,
  iteration: ArrayLike<number | bigint>,
  file: string,
): DrawsGrid {
  const rows = chain.length;
  if (rows === 0) throw drawsFault(file, "holds no draws");
  let chains = 0;
  let draws = 0;
  for (let row = 0; row < rows; row++) {
    chains = Math.max(chains, Number(chain[row]));
    draws = Math.max(draws, Number(iteration[row]));
  }
  if (chains * draws !== rows) {
    throw drawsFault(
      file,
      `has ${rows} rows, but ${chains} chains of ${draws} iterations need ${chains * draws}`,
    );
  }
  const cells = new Int32Array(rows);
  const seen = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [c, t] = [Number(chain[row]), Number(iteration[row])];
    const cell = (c - 1) * draws + (t - 1);
    if (c < 1 || t < 1 || seen[cell] === 1) {
      throw drawsFault(
        file,
        `has chain ${c}, iteration ${t} ${c < 1 || t < 1 ? "(they count from 1)" : "twice"}`,
      );
    }
    seen[cell] = 1;
    cells[row] = cell;
  }
  return { chains, draws, cells };
}

/** What is wrong with a file of draws, with the way out. */
export function drawsFault(file: string, what: string): InputError {
  return new InputError(`${what}; copy it again from its source, or run the fit again`, { file });
}
