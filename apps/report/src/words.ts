/** What columns of `bridgewise prism table` and its scores are called in sentences; other names are told as in the data. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["REASONING_NUANCE", "nuanced reasoning"],
  ["REASONING", "reasoning"],
  ["NUANCE", "nuance"],
  ["RESPECT", "respect"],
  ["CURIOSITY", "curiosity"],
  ["COMPASSION", "compassion"],
  ["PERSONAL_STORY", "personal story"],
  ["AFFINITY", "affinity"],
  ["TOXICITY", "toxicity"],
]);

/** The suffix of the prompts' attributes. */
const PROMPT = /_human$/;

const spaced = (name: string): string => name.replaceAll("_", " ");

/** A name as tables and figures have it: `REASONING NUANCE`, `younger × TOXICITY`, `TOXICITY of the prompt`. */
export const termWords = (term: string): string =>
  joined(term, " × ", (name) => spaced(name.replace(PROMPT, " of the prompt")));

/** A name as sentences have it: `nuanced reasoning`, `toxicity times toxicity of the prompt`. */
export const proseWords = (term: string): string =>
  joined(term, " times ", (name) => {
    const prompt = PROMPT.test(name) ? " of the prompt" : "";
    const [, base = "", rest = ""] = /^([A-Z_]*[A-Z]|.*?)((?:_[a-z]+)?)$/.exec(name.replace(PROMPT, ""))!;
    return `${NAMES.get(base) ?? spaced(base)}${spaced(rest)}${prompt}`;
  });

/** A column of yes and no is told without R's `TRUE`. */
const joined = (term: string, sign: string, words: (name: string) => string): string =>
  term
    .replace(/^b_/, "")
    .split(":")
    .map((name) => words(name.replace(/TRUE$/, "")))
    .join(sign);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The part of the data that a fit is of: `all` alone would say little. */
export const subsetWords = (subset: string): string => (subset === "all" ? "all data" : spaced(subset));
