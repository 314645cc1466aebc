import { mean, standardDeviation } from "../../src/posterior/index.ts";
import { centreWithin } from "./regression.ts";

/** Means, sds, correlations of columns [columns][rows], and the share of variance between groups. */
export function momentsOf(columns: readonly Float64Array[], groups: readonly string[]) {
  const means = columns.map((column) => mean(column));
  const sds = columns.map(standardDeviation);
  const n = groups.length;
  const correlations = columns.map((a, i) =>
    columns.map((b, j) => {
      let sum = 0;
      for (let row = 0; row < n; row++) sum += (a[row]! - means[i]!) * (b[row]! - means[j]!);
      return sum / ((n - 1) * sds[i]! * sds[j]!);
    }),
  );
  const levels = new Set(groups).size;
  const shares = columns.map((column, i) => {
    const within = centreWithin(column, groups).reduce((sum, value) => sum + value * value, 0) / (n - levels);
    return 1 - within / sds[i]! ** 2;
  });
  return { means, sds, correlations, shares };
}
