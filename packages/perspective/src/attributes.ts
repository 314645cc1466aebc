import { attributeIndex } from "@bridgewise/core";

/** One of Perspective's attributes. */
export interface PerspectiveAttribute {
  /** Our name, as in scores files. */
  readonly name: string;
  /** The API's name, in requests and responses. */
  readonly api: string;
  /** Languages that the API scores it in (BCP 47). */
  readonly languages: readonly string[];
  /** Whether the analyses read it. */
  readonly analysed: boolean;
}

/** Perspective's production languages, the same for all production attributes but for details. */
const PRODUCTION_LANGUAGES = [
  "ar",
  "cs",
  "de",
  "en",
  "es",
  "fr",
  "hi",
  "hi-Latn",
  "id",
  "it",
  "ja",
  "ko",
  "nl",
  "pl",
  "pt",
  "ru",
  "sv",
  "zh",
] as const;
const PRODUCTION = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT"];
/** In English only, and with a suffix in the API. */
const BRIDGING = ["AFFINITY", "COMPASSION", "CURIOSITY", "NUANCE", "PERSONAL_STORY", "REASONING", "RESPECT"];

/** The bridging attributes and the production ones; the API has others, which come under their own names. */
export const PERSPECTIVE_ATTRIBUTES: readonly PerspectiveAttribute[] = [
  ...BRIDGING.map((name) => entry(name, `${name}_EXPERIMENTAL`, ["en"])),
  ...PRODUCTION.map((name) => entry(name, name, PRODUCTION_LANGUAGES)),
];

function entry(name: string, api: string, languages: readonly string[]): PerspectiveAttribute {
  return { name, api, languages, analysed: attributeIndex(name) >= 0 };
}

const NAMES = new Map(PERSPECTIVE_ATTRIBUTES.map(({ api, name }) => [api, name]));
const API_NAMES = new Map(PERSPECTIVE_ATTRIBUTES.map(({ api, name }) => [name, api]));

/** Our name of an attribute, by the API's; one that is not in the catalogue keeps its name. */
export function attributeName(api: string): string {
  return NAMES.get(api) ?? api;
}

/** The API's name of an attribute, by ours. */
export function apiName(name: string): string {
  return API_NAMES.get(name) ?? name;
}
