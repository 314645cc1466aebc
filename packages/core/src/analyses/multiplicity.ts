import type { Multiplicity, TableRow } from "./results.ts";
import { DAGGER_RATIO, STAR_RATIO } from "./star.ts";

/**
 * How many hypotheses there are, and how many would be marked by chance. If a coefficient is 0, the posterior probability of a sign that
 * was named beforehand is uniform (exactly so for a normal estimate with a flat prior): it exceeds r / (1 + r), a ratio above r, with
 * probability 1 / (1 + r). A sign named after a look at the data has twice that.
 */
export function multiplicityOf(rows: readonly Pick<TableRow, "ours">[]): Multiplicity {
  const starred = rows.filter(({ ours }) => ours.star === "*");
  return {
    hypotheses: rows.length,
    starred: starred.length,
    daggered: rows.filter(({ ours }) => ours.star === "†").length,
    starred_by_chance: rows.length / (1 + STAR_RATIO),
    marked_by_chance: rows.length / (1 + DAGGER_RATIO),
    expected_sign_errors: starred.reduce((sum, { ours }) => sum + (1 - ours.post_prob), 0),
  };
}
