import type { Estimated, PublishedRow } from "./results.ts";

/** Combined standard errors above which a row is marked and explained. */
export const MARKED_DIFFERENCE = 3;

/** What is known of a fit's data that may set its estimates apart from those published. */
export interface KnownData {
  readonly simulated: boolean;
  /** Rows that the fit used. */
  readonly rows: number;
  /** Rows that the published fit used, where that is known. */
  readonly publishedRows?: number | null;
  /** The value that simulated data were made with, where it is known. */
  readonly truth?: number | null;
  /** Where the attribute scores come from, as a clause: `the scores are those of another scorer`. */
  readonly scores?: string | null;
}

/** (ours - published) / sqrt(ours.est_error^2 + published.est_error^2) */
export function combinedDifference(
  ours: Pick<Estimated, "estimate" | "est_error">,
  published: Pick<PublishedRow, "estimate" | "est_error">,
): number {
  return (ours.estimate - published.estimate) / Math.hypot(ours.est_error, published.est_error);
}

/** In words, how an estimate differs from the published one and what is known that can make it differ. */
export function explainDifference(ours: Estimated, published: PublishedRow, known: KnownData): string {
  const difference = combinedDifference(ours, published);
  const side = difference > 0 ? "above" : "below";
  const sign = ours.estimate * published.estimate < 0 ? "of the other sign" : "of the same sign";
  const sentences = [
    `Ours is ${Math.abs(difference).toFixed(1)} combined standard errors ${side} the published estimate, and ${sign}.`,
    ...reasons(ours, known),
  ];
  return sentences.join(" ");
}

function reasons(ours: Estimated, { simulated, rows, publishedRows, truth, scores }: KnownData): string[] {
  const found: string[] = [];
  if (simulated) {
    found.push("The data are simulated: they say nothing about the published value.");
    if (typeof truth === "number") {
      const inside = ours.ci_lower <= truth && truth <= ours.ci_upper;
      found.push(`They were made with ${truth}, which is ${inside ? "inside" : "outside"} our 90% interval.`);
    }
  }
  if (typeof publishedRows === "number" && publishedRows !== rows)
    found.push(`The fit used ${count(rows)} rows, the published one ${count(publishedRows)}.`);
  if (typeof scores === "string") found.push(`${scores[0]!.toUpperCase()}${scores.slice(1)}.`);
  if (found.length > 0) return found;
  return [
    "Nothing that is known of the data explains it: compare the counts of rows in the data flow with the published ones, and ask whether the attribute scores are those of the same scorer and version.",
  ];
}

const count = (n: number): string => n.toLocaleString("en");
