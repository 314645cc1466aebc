/** Bounds on the decimals of a table, and those of a number whose Monte Carlo error is not known. */
export interface DecimalsRange {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

/** Decimals that a Monte Carlo error supports, within bounds: the error's first digit is the last one shown. */
export function supportedDecimals(mcse: number | null, { least, most, otherwise }: DecimalsRange): number {
  if (mcse === null || !(mcse > 0)) return otherwise;
  return Math.min(most, Math.max(least, Math.ceil(-Math.log10(mcse))));
}
