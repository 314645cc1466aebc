import { didYouMean, InputError } from "@bridgewise/core";
import { attributeName, PERSPECTIVE_ATTRIBUTES } from "./attributes.ts";

const TOXICITY = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT"];
/** Further names that the API knows: experimental ones and those of the New York Times' comments. */
const OTHERS = [
  ...TOXICITY.map((name) => `${name}_EXPERIMENTAL`),
  ...["ALIENATION", "FEARMONGERING", "GENERALIZATION", "MORAL_OUTRAGE", "SCAPEGOATING"].map(
    (name) => `${name}_EXPERIMENTAL`,
  ),
  ...["SEXUALLY_EXPLICIT", "FLIRTATION", "ATTACK_ON_AUTHOR", "ATTACK_ON_COMMENTER", "INCOHERENT"],
  ...["INFLAMMATORY", "LIKELY_TO_REJECT", "OBSCENE", "SPAM", "UNSUBSTANTIAL"],
];

/** All names that the API is known to take, as ours. */
const KNOWN = [...PERSPECTIVE_ATTRIBUTES.map(({ name }) => name), ...OTHERS];

/** The eight that the analyses read. */
export const ANALYSED = PERSPECTIVE_ATTRIBUTES.filter(({ analysed }) => analysed).map(({ name }) => name);

/**
 * Attributes as a person lists them, `NUANCE,TOXICITY`, ours or the API's names, as our names; `paper` stands for
 * the eight that the analyses read. One that does not exist, or not in the language, is an InputError that names
 * the nearest. `anyName`: for other hosts, which may have attributes of their own. `only`: for scorers that have a
 * few attributes, whatever the language.
 */
export function requestedAttributes(
  list: string,
  language: string,
  {
    anyName = false,
    only,
  }: {
    readonly anyName?: boolean;
    readonly only?: { readonly scorer: string; readonly attributes: readonly string[] };
  } = {},
): string[] {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .flatMap((name) => (name === "paper" ? ANALYSED : [attributeName(name)]));
  if (names.length === 0) throw new InputError("no attributes are named; 'paper' stands for the eight");
  if (only !== undefined) {
    for (const name of names) {
      if (only.attributes.includes(name)) continue;
      throw new InputError(
        `the scorer ${only.scorer} has no attribute '${name}'; ${didYouMean(name, only.attributes)}it has ${only.attributes.join(", ")}`,
      );
    }
    return [...new Set(names)];
  }
  const known = new Map(PERSPECTIVE_ATTRIBUTES.map((attribute) => [attribute.name, attribute]));
  for (const name of names) {
    const attribute = known.get(name);
    if (attribute === undefined) {
      if (anyName || OTHERS.includes(name)) continue;
      throw new InputError(
        `attribute '${name}' does not exist; ${didYouMean(name, KNOWN)}it has ${[...known.keys()].join(", ")}, and ${OTHERS.length} experimental ones (README)`,
      );
    }
    if (!anyName && !attribute.languages.includes(language))
      throw new InputError(
        `${name} is not scored in '${language}'; its languages are ${attribute.languages.join(", ")}`,
      );
  }
  return [...new Set(names)];
}

/**
 * What to tell of names that Perspective does not have, and that come near to one that it has: another host may have
 * them, or they are misspelt. Undefined where there are none.
 */
export function nearMisses(names: readonly string[]): string | undefined {
  const hints = names
    .filter((name) => !KNOWN.includes(name))
    .map((name) => ({ name, hint: didYouMean(name, KNOWN).trim() }))
    .filter(({ hint }) => hint !== "")
    .map(({ name, hint }) => `'${name}' is no attribute of Perspective, ${hint}`);
  return hints.length === 0 ? undefined : hints.join(" ");
}
