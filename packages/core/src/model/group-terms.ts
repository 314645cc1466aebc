import { buildDesign, type Contrasts, type Design, formulaError, type GroupSpec } from "../formula/index.ts";
import { dropUnusedLevels, factorFromNumbers } from "../frame/factor.ts";
import type { FactorColumn, Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import type { GroupTerm } from "./model.ts";
import { levelName } from "./variables.ts";

type Levels = Pick<GroupTerm, "levels" | "index">;

export interface DesignedGroups {
  readonly groups: readonly GroupTerm[];
  /** [groups] */
  readonly designs: readonly Design[];
}

/**
 * The group terms on a frame without missing values. Levels that occur in no row are left out; those of `a:b`
 * are sorted by a, then by b, and labelled `a_b`. A group with one level is an InputError.
 */
export function groupTerms(
  text: string,
  specs: readonly GroupSpec[],
  frame: Frame,
  contrasts?: Contrasts,
): DesignedGroups {
  const designs = specs.map(({ effects }) => buildDesign(effects, text, frame, contrasts));
  const groups = specs.map(({ name, columns, position, correlated }, g): GroupTerm => {
    const [first, ...rest] = columns.map((column) => columnLevels(frame, column.name));
    const { levels, index } = rest.reduce(combineLevels, first!);
    if (levels.length < 2)
      throw formulaError(
        text,
        position,
        `the group '${name}' has one level in the rows used ('${levels[0]}'); leave it out`,
      );
    refuseEqualLabels(name, levels, frame.source);
    const { coefficients, z } = effectColumns(designs[g]!, frame.rows);
    return {
      ...{ name, levels, index, coefficients },
      ...(z !== undefined && { z }),
      correlated: correlated && coefficients.length > 1,
    };
  });
  return { groups, designs };
}

/** The design with its intercept as a column; without `z` where that is all. */
export function effectColumns(
  { intercept, columns, x }: Design,
  rows: number,
): Pick<GroupTerm, "coefficients" | "z"> {
  if (!intercept) return { coefficients: columns, z: x };
  if (columns.length === 0) return { coefficients: ["Intercept"] };
  const k = columns.length;
  const z = new Float64Array(rows * (k + 1));
  for (let row = 0; row < rows; row++) {
    z[row * (k + 1)] = 1;
    z.set(x.subarray(row * k, (row + 1) * k), row * (k + 1) + 1);
  }
  return { coefficients: ["Intercept", ...columns], z };
}

function columnLevels(frame: Frame, name: string): Levels {
  const column = frame.columns.get(name)!;
  const factor: FactorColumn =
    column.type === "factor" ? dropUnusedLevels(column) : factorFromNumbers(name, column.values);
  return { levels: factor.levels, index: factor.codes };
}

function combineLevels(a: Levels, b: Levels): Levels {
  const width = b.levels.length;
  const keys = Float64Array.from(a.index, (code, row) => code * width + b.index[row]!);
  const distinct = Float64Array.from(new Set(keys)).sort();
  const indexOf = new Map<number, number>();
  distinct.forEach((key, index) => {
    indexOf.set(key, index);
  });
  return {
    levels: Array.from(distinct, (key) => `${a.levels[Math.floor(key / width)]}_${b.levels[key % width]}`),
    index: Int32Array.from(keys, (key) => indexOf.get(key)!),
  };
}

function refuseEqualLabels(name: string, levels: readonly string[], file: string): void {
  const seen = new Set<string>();
  for (const level of levels.map(levelName)) {
    if (seen.has(level))
      throw new InputError(
        `two levels of the group '${name}' would both be called '${level}'; rename a level that contains '_', or '.' where another has a blank`,
        { file },
      );
    seen.add(level);
  }
}
