import { colourOf } from "./style.ts";

/** PAPER's attributes in one order and with one colour each, whatever else is drawn; Okabe-Ito's yellow darkened, to be seen on white. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  REASONING_NUANCE: "currentColor",
  RESPECT: "#0072B2",
  CURIOSITY: "#D55E00",
  COMPASSION: "#009E73",
  PERSONAL_STORY: "#CC79A7",
  AFFINITY: "#E69F00",
  TOXICITY: "#56B4E9",
  REASONING: "#999999",
  NUANCE: "#8A7A00",
};

/** Colour of an attribute by its column's name, prompt or response; of others by their place among `names`. */
export function attributeColour(name: string, names: readonly string[] = []): string {
  const plain = name.replace(/^b_/, "").replace(/_human$/, "");
  return ATTRIBUTES[plain] ?? colourOf(Math.max(0, names.indexOf(name)));
}

const SUBSETS: Readonly<Record<string, number>> = {
  all: 0,
  unguided: 1,
  "value guided": 2,
  "values guided": 2,
  "controversy guided": 3,
};

/** Whether a subset is one of PRISM's. */
export const isConversationType = (subset: string): boolean => subset in SUBSETS;

/** Colour of a subset: its own where it is PRISM's, else by its place among `subsets`. */
export function subsetColour(subset: string, subsets: readonly string[]): string {
  return colourOf(SUBSETS[subset] ?? Math.max(0, subsets.indexOf(subset)));
}

/** What tells series apart without colour: the mark of each, by its place. */
export const SYMBOLS = ["circle", "square", "triangle", "diamond", "cross", "star", "wye"] as const;
export type SeriesSymbol = (typeof SYMBOLS)[number];
export const symbolOf = (i: number): SeriesSymbol => SYMBOLS[i % SYMBOLS.length]!;
