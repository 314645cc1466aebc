/** As R, Stan and Python write what is not finite; NA is R's missing value. */
const NOT_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  "-nan": Number.NaN,
  na: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The number that a cell holds, undefined where it holds none; missing values are NaN. */
export function drawNumber(cell: string): number | undefined {
  const text = cell.trim();
  return DECIMAL.test(text) ? Number(text) : NOT_FINITE[text.toLowerCase()];
}

/** For messages: a cell, shortened. */
export const shown = (cell: string): string => `'${cell.length > 30 ? `${cell.slice(0, 27)}...` : cell}'`;
