import { InputError } from "@bridgewise/core";
import {
  type Authorization,
  GOOGLE,
  JUDGED,
  KEY_VARIABLE,
  makeClient,
  makeJudge,
  nearMisses,
  QUERY,
  type Quota,
  redactedKey,
  requestedAttributes,
  SCORER_KEY_VARIABLE,
  type Scorer,
} from "@bridgewise/perspective";
import { makeOnnxScorer, makePrismModeration } from "@bridgewise/perspective/node";
import { Effect } from "effect";
import { FetchHttpClient, type HttpClient } from "effect/http";

export const SCORERS = ["perspective", "judge", "onnx", "prism-moderation"] as const;
export const KEY_IN = ["header", "query", "bearer", "none"] as const;

/** What the command was told; what it was not told is undefined. */
export interface ScorerFlags {
  readonly scorer: (typeof SCORERS)[number];
  readonly input: string;
  readonly attributes: string | undefined;
  readonly language: string;
  readonly rate: number | undefined;
  readonly tries: number;
  readonly baseUrl: string | undefined;
  readonly model: string | undefined;
  readonly modelDir: string | undefined;
  readonly maxTokens: number | undefined;
  readonly keyEnv: string | undefined;
  readonly keyIn: (typeof KEY_IN)[number] | undefined;
  readonly keyHeader: string | undefined;
  readonly provider: string | undefined;
  readonly cut: boolean;
  readonly spans: boolean;
}

export interface OpenScorer {
  readonly scorer: Scorer;
  /** Our names. */
  readonly attributes: readonly string[];
  /** Texts under way at most, unless told. */
  readonly concurrency: number;
  /** What paces it, where a network is involved. */
  readonly quota?: Quota;
  /** What a person should know of its scores. */
  readonly note?: string;
}

/** The scorer that the flags name, ready, with the attributes that it is asked for. */
export async function openScorer(flags: ScorerFlags): Promise<OpenScorer> {
  checkFlags(flags);
  const list = flags.attributes;
  switch (flags.scorer) {
    case "perspective": {
      const attributes = requestedAttributes(list ?? "paper", flags.language, {
        anyName: flags.baseUrl !== undefined,
      });
      const { baseUrl, provider, cut } = flags;
      const scorer = await open(
        makeClient({
          ...pacing(flags),
          ...keyOf(flags, isGoogle(baseUrl) ? KEY_VARIABLE : SCORER_KEY_VARIABLE),
          ...(baseUrl !== undefined && { baseUrl }),
          ...(provider !== undefined && { provider }),
          cut,
        }),
      );
      const note = nearMisses(attributes);
      return {
        scorer: note === undefined ? scorer : { ...scorer, advice: { ...scorer.advice, attribute: note } },
        ...{ quota: scorer.quota, attributes, concurrency: 8 },
        ...(note !== undefined && { note }),
      };
    }
    case "judge": {
      const only = { scorer: "judge", attributes: JUDGED };
      const attributes = requestedAttributes(list ?? "paper", flags.language, { only });
      const { baseUrl, model, provider, maxTokens, cut } = flags;
      if (baseUrl === undefined || model === undefined)
        throw new InputError(
          "the scorer judge needs a host and a model: --base-url https://api.openai.com/v1 --model gpt-4o-mini, or a local server's",
        );
      const scorer = await open(
        makeJudge({
          ...{ baseUrl, model, cut },
          ...pacing(flags),
          ...keyOf(flags, SCORER_KEY_VARIABLE),
          ...(provider !== undefined && { provider }),
          ...(maxTokens !== undefined && { maxTokens }),
        }),
      );
      const note =
        "A language model's ratings under this project's rubrics: near to Perspective's attributes in meaning, not in scale.";
      return { scorer, quota: scorer.quota, attributes, concurrency: 8, note };
    }
    case "onnx": {
      const { modelDir, provider, cut } = flags;
      if (modelDir === undefined)
        throw new InputError("the scorer onnx needs the folder of a model: --model-dir DIR");
      const scorer = await makeOnnxScorer({ modelDir, cut, ...(provider !== undefined && { provider }) });
      const only = { scorer: "onnx", attributes: scorer.attributes };
      const attributes = requestedAttributes(list ?? "TOXICITY", flags.language, { only });
      const note = "A local model's probabilities: another scale than Perspective's.";
      return { scorer, attributes, concurrency: 32, note };
    }
    case "prism-moderation": {
      const scorer = await makePrismModeration(flags.input);
      const only = { scorer: "prism-moderation", attributes: scorer.attributes };
      const attributes = requestedAttributes(list ?? "TOXICITY", flags.language, { only });
      const differing = scorer.differing.toLocaleString("en");
      const note = `OpenAI's moderation, as PRISM publishes it (rounded to 0.01): another model's score, not Perspective's TOXICITY.${scorer.differing > 0 ? ` Texts that stand twice with different probabilities: ${differing}; the first counts.` : ""}`;
      return { scorer, attributes, concurrency: 256, note };
    }
  }
}

/** Flags that only some scorers know, and which. */
const ONLY: readonly (readonly [keyof ScorerFlags, string, readonly string[]])[] = [
  ["rate", "--rate", ["perspective", "judge"]],
  ["baseUrl", "--base-url", ["perspective", "judge"]],
  ["keyEnv", "--key-env", ["perspective", "judge"]],
  ["keyIn", "--key-in", ["perspective", "judge"]],
  ["keyHeader", "--key-header", ["perspective", "judge"]],
  ["model", "--model", ["judge"]],
  ["maxTokens", "--max-tokens", ["judge"]],
  ["modelDir", "--model-dir", ["onnx"]],
  ["provider", "--provider", ["perspective", "judge", "onnx"]],
  ["cut", "--cut", ["perspective", "judge", "onnx"]],
  ["spans", "--spans", ["perspective"]],
];

function checkFlags(flags: ScorerFlags): void {
  for (const [name, flag, scorers] of ONLY) {
    if (flags[name] === undefined || flags[name] === false || scorers.includes(flags.scorer)) continue;
    throw new InputError(`${flag} goes with --scorer ${scorers.join(" or ")}, not with ${flags.scorer}`);
  }
  const { language, rate = 1, tries, maxTokens = 1 } = flags;
  if (!isLanguage(language))
    throw new InputError(`--language is a language's code (BCP 47), such as en or hi-Latn: '${language}'`);
  if (!(rate > 0 && rate <= 1000)) throw new InputError(`--rate is above 0 and at most 1000: ${rate}`);
  if (!(tries >= 1)) throw new InputError(`--tries is at least 1: ${tries}`);
  if (!(maxTokens >= 1)) throw new InputError(`--max-tokens is at least 1: ${maxTokens}`);
}

function isLanguage(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(code).length === 1;
  } catch {
    return false;
  }
}

const pacing = ({ rate = 1, tries }: ScorerFlags) => ({ rate, tries });

/**
 * Key and how it goes. A host's key comes from the variable that is named, or the usual one for hosts of its kind:
 * Perspective's own key is sent to no other host unless its variable is named.
 */
function keyOf(
  { scorer, keyEnv, keyIn, keyHeader }: ScorerFlags,
  usual: string,
): { readonly key?: ReturnType<typeof redactedKey>; readonly authorization: Authorization } {
  // not repeated: a key given in its place would be
  if (keyEnv !== undefined && !/^[A-Z_][A-Z0-9_]*$/.test(keyEnv))
    throw new InputError(
      "--key-env is the name of a variable (capitals, digits, _) that holds the key; the key itself never stands on the command line",
    );
  // Node's diagnostic report of a crash, where one is asked for, lists the environment
  process.report.excludeEnv = true;
  const given = process.env[keyEnv ?? usual];
  const where = keyIn ?? (keyHeader !== undefined || scorer === "perspective" ? "header" : "bearer");
  const authorization: Authorization =
    where === "header"
      ? { in: "header", name: keyHeader ?? "X-Goog-Api-Key" }
      : where === "query"
        ? QUERY
        : { in: where };
  const keyless = where === "none" || (keyEnv === undefined && usual === SCORER_KEY_VARIABLE && !given);
  return { authorization, ...(!keyless && { key: redactedKey(given, keyEnv ?? usual) }) };
}

function isGoogle(baseUrl: string | undefined): boolean {
  return baseUrl === undefined || (URL.canParse(baseUrl) && new URL(baseUrl).origin === GOOGLE);
}

/** What is wrong with the options is thrown. */
const open = <A>(made: Effect.Effect<A, InputError, HttpClient.HttpClient>): Promise<A> =>
  Effect.runPromise(made.pipe(Effect.provide(FetchHttpClient.layer)));
