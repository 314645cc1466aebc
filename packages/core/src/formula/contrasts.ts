import { didYouMean, listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/** R's `contr.treatment` (indicators of all levels but the first) and `contr.sum` (effects that sum to 0). */
export const CONTRASTS = ["treatment", "sum"] as const;
export type Contrast = (typeof CONTRASTS)[number];

/** One for all factors, or by the variable as the formula writes it (`f`, `factor(age)`), treatment for the others. */
export type Contrasts = Contrast | Readonly<Record<string, Contrast>>;

export function contrastOf(contrasts: Contrasts, label: string): Contrast {
  if (typeof contrasts === "string") return contrasts;
  return Object.hasOwn(contrasts, label) ? contrasts[label]! : "treatment";
}

/** Column k of a factor's contrasts, by level code: suffix of its name as in R, and values. */
export interface ContrastColumn {
  readonly suffix: string;
  readonly value: (code: number) => number;
}

/** The L columns of a factor coded in full. */
export function indicatorColumns(levels: readonly string[]): ContrastColumn[] {
  return levels.map((level, k) => ({ suffix: level, value: (code) => (code === k ? 1 : 0) }));
}

/** The L - 1 columns of a factor with L levels. `contr.sum` numbers them; its last level is -1 in each. */
export function contrastColumns(contrast: Contrast, levels: readonly string[]): ContrastColumn[] {
  const last = levels.length - 1;
  return contrast === "treatment"
    ? indicatorColumns(levels).slice(1)
    : levels.slice(1).map((_, k) => ({
        suffix: String(k + 1),
        value: (code) => (code === last ? -1 : code === k ? 1 : 0),
      }));
}

/** The contrasts of each of a formula's factors. Contrasts of a variable that is none of them are an InputError. */
export function contrastsOf(contrasts: Contrasts, factors: Iterable<string>): Record<string, Contrast> {
  const known = [...new Set(factors)];
  const stray = Object.keys(typeof contrasts === "string" ? {} : contrasts).find(
    (label) => !known.includes(label),
  );
  if (stray !== undefined)
    throw new InputError(
      `the formula has no factor '${stray}'; ${didYouMean(stray, known)}its factors are ${listNames(known)}`,
      { file: "contrasts" },
    );
  return Object.fromEntries(known.map((label) => [label, contrastOf(contrasts, label)]));
}
