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

/** The attribute that a misspelt name most likely means, null where none is near. */
export function nearestAttribute(name: string): Attribute | null {
  const wanted = name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s.-]+/g, "_")
    .replace(/_EXPERIMENTAL$/, "");
  let best: Attribute | null = null;
  let least = 3;
  for (const attribute of ATTRIBUTES) {
    const distance = editDistance(wanted, attribute);
    if (distance < least) {
      best = attribute;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein's distance: insertions, deletions and replacements from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
