import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/** Which columns of a table are which. */
export interface DrawsLayout {
  readonly chain: number;
  readonly iteration: number;
  /** Columns of variables in the wide layout; undefined in the long one. */
  readonly variables?: readonly number[];
  /** In the long layout, the variable's name and its value. */
  readonly long?: { readonly variable: number; readonly value: number };
}

const CHAINS = [".chain", "chain"];
const ITERATIONS = [".iteration", "iteration", "draw"];
/** Numbers of rows: posterior's draw over all chains, R's row names, pandas's index. */
const ROW_NUMBERS = /^(|\.draw|Unnamed: \d+|__index_level_\d+__)$/;

/**
 * Finds posterior's `draws_df` layout (`.chain`, `.iteration`, `.draw`, a column for each variable) or the long one (`chain`, `draw` or
 * `iteration`, `variable`, `value`) in the names of columns.
 */
export function drawsLayout(names: readonly string[], file: string): DrawsLayout {
  const places = new Map(names.map((name, k) => [name, k]));
  const twice = names.find((name, k) => name !== "" && places.get(name) !== k);
  if (twice !== undefined)
    throw new InputError("is there twice; give every column a name of its own", { file, column: twice });
  const find = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((k) => k >= 0) ?? -1;
  const [chain, iteration] = [find(CHAINS), find(ITERATIONS)];
  if (chain < 0 || iteration < 0)
    throw new InputError(
      `is not a table of draws: it has no column '${chain < 0 ? ".chain" : ".iteration"}'; its columns are ${listNames(names)}. Write it as posterior's as_draws_df (.chain, .iteration, variables), or as chain, draw, variable, value`,
      { file },
    );
  const others = [...names.keys()].filter(
    (k) => k !== chain && k !== iteration && !ROW_NUMBERS.test(names[k]!),
  );
  const [variable, value] = [names.indexOf("variable"), names.indexOf("value")];
  if (variable >= 0 && value >= 0 && others.length === 2)
    return { chain, iteration, long: { variable, value } };
  if (others.length === 0)
    throw new InputError("has no variables beside chain and iteration; give the file with the draws", {
      file,
    });
  return { chain, iteration, variables: others };
}
