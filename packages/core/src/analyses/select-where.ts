import type { Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { computeColumn } from "./derive-columns.ts";

/**
 * Indices of the rows in which every condition holds, upwards; a row in which a condition's column is missing is not among them.
 * InputError for a column or a level that is not there, with the nearest, and for an expression that is no condition.
 */
export function selectWhere(frame: Frame, conditions: readonly string[]): Int32Array {
  const holds = new Uint8Array(frame.rows).fill(1);
  for (const condition of conditions) {
    const column = computeColumn(frame, condition, condition, "condition");
    if (
      column.type === "factor" ||
      column.values.some((value) => value !== 0 && value !== 1 && !Number.isNaN(value))
    )
      throw new InputError(
        `'${condition}' is no condition; compare a column with a text or a number, as in score > 50`,
        { file: "condition" },
      );
    for (let row = 0; row < holds.length; row++) if (column.values[row] !== 1) holds[row] = 0;
  }
  return new Int32Array(frame.rows).map((_, row) => row).filter((row) => holds[row] === 1);
}
