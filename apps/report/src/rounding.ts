import type { VariableSummary } from "@bridgewise/core";

/** Decimals that the Monte Carlo error supports: its first digit is the last one shown; 2 to 4 for readable tables. */
export function decimals({ mcse_mean: mcse }: VariableSummary): number {
  return mcse === null || !(mcse > 0) ? 2 : Math.min(4, Math.max(2, Math.ceil(-Math.log10(mcse))));
}

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
