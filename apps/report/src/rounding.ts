import { supportedDecimals, type VariableSummary } from "@bridgewise/core";

/** Readable tables have 2 to 4 decimals. */
const DECIMALS = { least: 2, most: 4, otherwise: 2 };

/** Decimals that the Monte Carlo error supports. */
export const decimals = ({ mcse_mean }: VariableSummary): number => supportedDecimals(mcse_mean, DECIMALS);

/** A number with a true minus sign; an en dash where there is none. */
export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "–";
  const text = value.toFixed(digits);
  // no minus before a rounded zero
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
}

/** A whole number with thousands apart. */
export const whole = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en-GB");

/** A number and the word that agrees with it. */
export const counted = (count: number, one: string, many: string): string =>
  `${whole(count)} ${count === 1 ? one : many}`;
