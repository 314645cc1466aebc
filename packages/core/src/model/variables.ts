import { familyOf } from "../family/index.ts";
import type { GroupTerm, Model } from "./model.ts";

type Named = Pick<Model, "family" | "intercept" | "predictors" | "categories" | "groups">;

/** Number of thresholds of a cumulative model, 0 of others. */
export const thresholdCount = ({ categories }: Pick<Model, "categories">): number =>
  categories === undefined ? 0 : categories.length - 1;

/** `b_Intercept`, or a cumulative model's `b_Intercept[1]`, …; empty where there is neither. */
export function interceptNames(model: Named): string[] {
  const thresholds = thresholdCount(model);
  if (thresholds > 0) return Array.from({ length: thresholds }, (_, k) => `b_Intercept[${k + 1}]`);
  return model.intercept ? ["b_Intercept"] : [];
}

export const sdNames = ({ name, coefficients }: GroupTerm): string[] =>
  coefficients.map((coefficient) => `sd_${name}__${coefficient}`);

/** `cor_g__a__b` for each pair of coefficients, in brms's order: the second's number rises slowest. */
export function corNames({ name, coefficients, correlated }: GroupTerm): string[] {
  if (!correlated) return [];
  return coefficients.flatMap((second, k) =>
    coefficients.slice(0, k).map((first) => `cor_${name}__${first}__${second}`),
  );
}

/** A level as it stands in variables' names: brms puts points for blanks. */
export const levelName = (level: string): string => level.replace(/[ \t\r\n]/g, ".");

/** `r_g[level,coefficient]`, the level changing fastest. */
export const effectNames = ({ name, coefficients, levels }: GroupTerm): string[] =>
  coefficients.flatMap((coefficient) =>
    levels.map((level) => `r_${name}[${levelName(level)},${coefficient}]`),
  );

/**
 * A model's reported variables by brms's names, in brms's order: b_*, sd_*, cor_*, the family's parameters, and r_* of groups with at
 * most `reportedLevels` levels.
 */
export function variableNames(model: Named, reportedLevels: number): string[] {
  return [
    ...interceptNames(model),
    ...model.predictors.map((name) => `b_${name}`),
    ...model.groups.flatMap(sdNames),
    ...model.groups.flatMap(corNames),
    ...familyOf(model.family).parameters,
    ...model.groups.filter(({ levels }) => levels.length <= reportedLevels).flatMap(effectNames),
  ];
}
