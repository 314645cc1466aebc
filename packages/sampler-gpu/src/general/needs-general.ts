import type { Model } from "@bridgewise/core";

/**
 * What in a model asks for the general density, in words, or undefined where the others take it: gaussian and bernoulli responses with
 * intercepts alone varying, no offset, and rows that count.
 */
export function needsGeneral({ family, groups, offset, priorOnly }: Model): string | undefined {
  if (family !== "gaussian" && family !== "bernoulli") return `family ${family}`;
  if (groups.some(({ z, coefficients }) => z !== undefined || coefficients.length > 1))
    return "random slopes";
  if (offset !== undefined) return "an offset";
  return priorOnly ? "sampling the prior alone" : undefined;
}
