import { nearestName } from "../frame/near-names.ts";

/** The eight attributes of PAPER (arXiv 2503.16480), in the order in which scores are kept. */
export const ATTRIBUTES = [
  "AFFINITY",
  "COMPASSION",
  "CURIOSITY",
  "NUANCE",
  "PERSONAL_STORY",
  "REASONING",
  "RESPECT",
  "TOXICITY",
] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** Perspective serves the seven bridging attributes under these names; TOXICITY has no suffix. */
const EXPERIMENTAL = "_EXPERIMENTAL";

const BY_NAME: ReadonlyMap<string, number> = new Map(
  ATTRIBUTES.flatMap((name, index): [string, number][] =>
    name === "TOXICITY"
      ? [[name, index]]
      : [
          [name, index],
          [name + EXPERIMENTAL, index],
        ],
  ),
);

/** Place of an attribute in ATTRIBUTES, by our name or Perspective's, exactly; -1 where it is none. */
export function attributeIndex(name: string): number {
  return BY_NAME.get(name) ?? -1;
}

/** The attribute that a misspelt name most likely means, undefined where none is near. */
export function nearestAttribute(name: string): Attribute | undefined {
  const words = name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s.-]+/g, "_");
  return nearestName(words.replace(/_EXPERIMENTAL$/, ""), ATTRIBUTES) as Attribute | undefined;
}
