import type { Design } from "../formula/design.ts";
import { varianceInflation } from "./vif.ts";

/**
 * A line about the term that shares most with the others, if its inflation is high; none of a design without an intercept, where
 * inflation means little.
 */
export function inflationNotes(design: Design, rows: number): string[] {
  if (!design.intercept || design.columns.length < 2) return [];
  const worst = varianceInflation(design, rows).reduce((a, b) => (b.gvif > a.gvif ? b : a));
  return worst.collinearity === "high"
    ? [
        `'${worst.term}' tells little that the other terms do not (variance inflation ${worst.gvif.toFixed(0)}): its interval is ${worst.scaled.toFixed(1)} times as wide for it; leave one out, combine them, or scale() what is multiplied or squared (bridgewise vif)`,
      ]
    : [];
}
