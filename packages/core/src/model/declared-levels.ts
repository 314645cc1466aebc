import { cellError, findColumn } from "../frame/cells.ts";
import type { FactorColumn, Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/** The order of a text column's levels, by column: the first is the reference of its contrasts, a rating's lowest. */
export type DeclaredLevels = Readonly<Record<string, readonly string[]>>;

/** The frame with the declared levels in place of the sorted ones. A text that is none of them is an InputError. */
export function declareLevels(frame: Frame, declared: DeclaredLevels): Frame {
  const columns = new Map(frame.columns);
  for (const [name, levels] of Object.entries(declared)) {
    const column = findColumn(frame, name);
    if (column.type !== "factor")
      throw new InputError("is numeric, and numbers have their order; leave its levels out", {
        file: frame.source,
        column: name,
      });
    columns.set(name, reorder(frame, column, levels));
  }
  return { ...frame, columns };
}

function reorder(frame: Frame, column: FactorColumn, levels: readonly string[]): FactorColumn {
  const twice = levels.find((level, k) => levels.indexOf(level) !== k);
  if (twice !== undefined)
    throw new InputError(`the level '${twice}' is declared twice`, {
      file: frame.source,
      column: column.name,
    });
  const codeOf = column.levels.map((level) => levels.indexOf(level));
  const row = column.codes.findIndex((code) => code >= 0 && codeOf[code] === -1);
  if (row >= 0)
    throw cellError(
      frame,
      row,
      column.name,
      `'${column.levels[column.codes[row]!]}' is none of the declared levels (${listNames(levels)}); add it, or mend the cell`,
    );
  return { ...column, levels, codes: column.codes.map((code) => (code < 0 ? -1 : codeOf[code]!)) };
}
