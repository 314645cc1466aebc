import { ATTRIBUTES, type Attribute } from "../scores/attributes.ts";

/** The seven attributes of PAPER's regressions, in the order of its tables: REASONING and NUANCE are collinear, and enter as their product. */
export const MERGED_ATTRIBUTES = [
  "REASONING_NUANCE",
  "RESPECT",
  "CURIOSITY",
  "COMPASSION",
  "PERSONAL_STORY",
  "AFFINITY",
  "TOXICITY",
] as const;
export type MergedAttribute = (typeof MERGED_ATTRIBUTES)[number];

export function eachAttribute<T>(
  value: (name: MergedAttribute, index: number) => T,
): Record<MergedAttribute, T> {
  return Object.fromEntries(MERGED_ATTRIBUTES.map((name, j) => [name, value(name, j)])) as Record<
    MergedAttribute,
    T
  >;
}

export const REASONING: number = ATTRIBUTES.indexOf("REASONING");
export const NUANCE: number = ATTRIBUTES.indexOf("NUANCE");
/** [MERGED_ATTRIBUTES] place of each in ATTRIBUTES; -1 for the product. */
export const PLACES: readonly number[] = MERGED_ATTRIBUTES.map((name) =>
  ATTRIBUTES.indexOf(name as Attribute),
);

/** A text's attributes [ATTRIBUTES] as predictors [MERGED_ATTRIBUTES]. */
export function mergeAttributes(attributes: Float64Array): Float64Array {
  return Float64Array.from(PLACES, (place) =>
    place < 0 ? attributes[REASONING]! * attributes[NUANCE]! : attributes[place]!,
  );
}
