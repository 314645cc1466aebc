import type { DesignBasis } from "../formula/design.ts";
import { deparse, namesIn, unwrap } from "../formula/expression.ts";
import type { FormulaTerms } from "../formula/terms.ts";
import { suggestColumn } from "../frame/cells.ts";
import type { Column, FactorColumn, Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import { standardDeviation } from "../posterior/moments.ts";

/** What is compared: the expectation on one changed table minus that on another. */
export interface Comparison {
  readonly variable: string;
  /** `+0.1`, `slope`, `M - F`. */
  readonly contrast: string;
  /** The column before and after; undefined: as it is. */
  readonly from: Column | undefined;
  readonly to: Column;
  /** The difference is divided by this: the distance of a slope, else 1. */
  readonly divisor: number;
}

export interface ComparisonOptions {
  /** Columns; default all of the fixed effects. */
  readonly variables?: readonly string[];
  /** What is added to a numeric column, or the slope at its value; default 0.1. */
  readonly step?: number | "derivative";
  /** Factors of which every pair of levels is compared, not each level with the first. */
  readonly pairwise?: readonly string[];
}

/** Half the distance of a slope's central difference, in standard deviations of the column: its error is of the square's order. */
const SLOPE_DISTANCE = 1e-4;

/** Columns of the fixed effects, in the formula's order. */
export function effectColumns({ terms, variables }: FormulaTerms): string[] {
  const found = new Map<string, number>();
  for (const term of terms) for (const v of term.variables) namesIn(variables[v]!.expression, found);
  return [...found.keys()];
}

/**
 * The comparisons to make on a table without missing values: a step of each numeric column, each level of a factor against the first
 * one. An unknown column is an InputError.
 */
export function comparisons(
  terms: FormulaTerms,
  basis: DesignBasis,
  frame: Frame,
  { variables, step = 0.1, pairwise = [] }: ComparisonOptions,
): Comparison[] {
  const all = effectColumns(terms);
  if (all.length === 0)
    throw new InputError(
      "the model has no fixed effects besides the intercept, so there is no effect to compute",
      {
        file: "formula",
      },
    );
  if (step !== "derivative" && !(Number.isFinite(step) && step !== 0))
    throw new InputError(`--step is 'derivative' or a number other than 0: ${step}`);
  for (const name of [...(variables ?? []), ...pairwise])
    if (!all.includes(name))
      throw new InputError(
        frame.columns.has(name)
          ? `'${name}' is not among the fixed effects; they use ${listNames(all)}`
          : `no column '${name}'; ${suggestColumn(frame, name)}`,
        { file: frame.source },
      );
  return (variables ?? all).flatMap((name) => {
    const factor = asFactor(name, terms, basis, frame.columns.get(name)!);
    if (factor !== undefined) return levelComparisons(factor, pairwise.includes(name));
    if (pairwise.includes(name))
      throw new InputError(`'${name}' is numeric; --contrasts takes factors, --step changes numbers`, {
        file: frame.source,
      });
    return [stepComparison(frame.columns.get(name)!, step)];
  });
}

function stepComparison(column: Column, step: number | "derivative"): Comparison {
  if (column.type === "factor") throw new TypeError(`${column.name} is a factor`);
  const moved = (by: number): Column => ({ ...column, values: column.values.map((value) => value + by) });
  if (step !== "derivative")
    return {
      variable: column.name,
      contrast: step > 0 ? `+${step}` : String(step),
      from: undefined,
      to: moved(step),
      divisor: 1,
    };
  const sd = column.values.length > 1 ? standardDeviation(column.values) : 0;
  const h = SLOPE_DISTANCE * (sd > 0 ? sd : 1);
  return { variable: column.name, contrast: "slope", from: moved(-h), to: moved(h), divisor: 2 * h };
}

function levelComparisons(
  { name, levels, at }: { name: string; levels: readonly string[]; at: (level: string) => Column },
  pairwise: boolean,
): Comparison[] {
  const pairs = levels.flatMap((to, k) =>
    levels.slice(0, pairwise ? k : Math.min(k, 1)).map((from) => [from, to] as const),
  );
  return pairs.map(([from, to]) => ({
    variable: name,
    contrast: `${to} - ${from}`,
    from: at(from),
    to: at(to),
    divisor: 1,
  }));
}

/** A column's levels as the design has them, and the column with one of them in every row; undefined where it enters as a number. */
function asFactor(
  name: string,
  { variables }: FormulaTerms,
  { levels }: DesignBasis,
  column: Column,
): { name: string; levels: readonly string[]; at: (level: string) => Column } | undefined {
  const own = variables.find(
    ({ label, expression }) =>
      levels.has(label) &&
      [name, `factor(${name})`, `as.factor(${name})`].includes(deparse(unwrap(expression))),
  );
  if (own === undefined && column.type !== "factor") return undefined;
  const known = own === undefined ? (column as FactorColumn).levels : levels.get(own.label)!;
  return {
    name,
    levels: known,
    at: (level) =>
      column.type === "factor"
        ? { ...column, codes: column.codes.map(() => column.levels.indexOf(level)) }
        : { ...column, values: column.values.map(() => Number(level)) },
  };
}
