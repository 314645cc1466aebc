import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  InputError,
  type InputPlace,
  lineBatches,
  oneLine,
  parseJsonLine,
  sha256Hex,
} from "@bridgewise/core";
import { readText } from "@bridgewise/core/node";
import { Effect } from "effect";
import { attributeName } from "../attributes.ts";
import { AttributeNotSupported, RequestRefused } from "../client/errors.ts";
import { openCorpus } from "../corpus/corpus.ts";
import type { AttributeScore, Scorer } from "../scorer.ts";

/**
 * What OpenAI's moderation endpoint said of PRISM's texts, as PRISM publishes it (metadata.jsonl, moderation_flag;
 * Kirk et al. 2024, doi:10.57967/hf/2113): probabilities of categories of harm, rounded to 0.01 by PRISM's authors.
 * It is another model's answer to another question than Perspective's TOXICITY.
 */
export const PRISM_MODERATION = "prism-moderation";
const MODEL = "OpenAI moderation as published with PRISM (version not told, rounded to 0.01)";

/** What comes nearest to TOXICITY, "a rude, disrespectful, or unreasonable comment": the greatest of these. */
export const TOXIC_CATEGORIES = ["harassment", "harassment/threatening", "hate", "hate/threatening"] as const;

export interface PrismModeration extends Scorer {
  /** TOXICITY, and the categories by their own names. */
  readonly attributes: readonly string[];
  /** Distinct texts that have probabilities. */
  readonly texts: number;
  /** Distinct texts of several rows with different probabilities, of which the first row's count. */
  readonly differing: number;
}

/** The scorer of a folder with PRISM's metadata.jsonl and utterances.jsonl: no key, no network, no waiting. */
export async function makePrismModeration(prismDir: string): Promise<PrismModeration> {
  const file = join(prismDir, "metadata.jsonl");
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new InputError("not found; the scorer prism-moderation reads it in PRISM's folder", { file });
  const { categories, byId } = await readModeration(file);
  if (byId.size === 0)
    throw new InputError(
      "has no moderation probabilities of prompts or responses (simulated data have none); give PRISM's files as they were published",
      { file },
    );
  const byHash = new Map<string, Float64Array>();
  const differing = new Set<string>();
  for await (const { hash, name, empty } of (await openCorpus(prismDir)).texts()) {
    const found = "text_id" in name ? byId.get(`${name.column_id} ${name.text_id}`) : undefined;
    if (found === undefined || empty) continue;
    const first = byHash.get(hash);
    if (first === undefined) byHash.set(hash, found);
    else if (first.some((p, k) => p !== found[k])) differing.add(hash);
  }
  const score: Scorer["score"] = (text, request) => {
    const wanted = request.attributes.map(attributeName);
    const unknown = wanted.find((attribute) => attribute !== "TOXICITY" && !categories.includes(attribute));
    if (unknown !== undefined)
      return Effect.fail(
        new AttributeNotSupported({ message: `PRISM's moderation has no category ${unknown}` }),
      );
    const found = byHash.get(sha256Hex(text));
    if (found === undefined)
      return Effect.fail(
        new RequestRefused({ message: "metadata.jsonl has no moderation probabilities of this text" }),
      );
    const scores = wanted.map((attribute) => scoreOf(attribute, found, categories));
    // when PRISM's authors asked, their files do not tell
    return Effect.succeed({
      ...{ scores, missing: [], languages: [], detectedLanguages: [] },
      ...{ model: MODEL, scoredAt: "" },
    });
  };
  return {
    provider: PRISM_MODERATION,
    attributes: ["TOXICITY", ...categories],
    texts: byHash.size,
    differing: differing.size,
    score,
  };
}

function scoreOf(attribute: string, found: Float64Array, categories: readonly string[]): AttributeScore {
  const of = (category: string): number => found[categories.indexOf(category)]!;
  return attribute === "TOXICITY"
    ? {
        attribute,
        apiAttribute: `max(${TOXIC_CATEGORIES.join(", ")})`,
        score: Math.max(...TOXIC_CATEGORIES.map(of)),
      }
    : { attribute, apiAttribute: attribute, score: of(attribute) };
}

interface Moderation {
  readonly categories: readonly string[];
  /** Probabilities in the order of the categories, by "column_id text_id". */
  readonly byId: ReadonlyMap<string, Float64Array>;
}

async function readModeration(file: string): Promise<Moderation> {
  let categories: readonly string[] = [];
  const byId = new Map<string, Float64Array>();
  const chunks = readText(file, "the scorer prism-moderation reads it in PRISM's folder");
  for await (const { first, lines } of lineBatches(chunks)) {
    for (const [i, json] of lines.entries()) {
      if (json.trim() === "") continue;
      const place = { file, line: first + i };
      const record = parseJsonLine(json, place);
      const id = idOf(record);
      const scores = categoryScores(record["moderation_flag"], place);
      if (id === undefined || scores === undefined) continue;
      if (categories.length === 0) {
        categories = Object.keys(scores);
        const missing = TOXIC_CATEGORIES.find((category) => !categories.includes(category));
        if (missing !== undefined)
          throw new InputError(`'moderation_flag.category_scores' has no ${missing}; ${AS_PUBLISHED}`, place);
      }
      byId.set(
        id,
        Float64Array.from(categories, (category) => probability(scores, category, place)),
      );
    }
  }
  return { categories, byId };
}

const AS_PUBLISHED = "give PRISM's files as they were published";

/** By the id that names a prompt or a response; other texts have no scores in the analyses. */
function idOf({ column_id: column, ...ids }: Readonly<Record<string, unknown>>): string | undefined {
  const id =
    column === "model_response"
      ? ids["utterance_id"]
      : column === "user_prompt"
        ? ids["interaction_id"]
        : undefined;
  return typeof id === "string" ? `${String(column)} ${id}` : undefined;
}

/** moderation_flag.category_scores; undefined where there is none. */
function categoryScores(flag: unknown, place: InputPlace): Readonly<Record<string, unknown>> | undefined {
  if (flag === null || flag === undefined) return undefined;
  const scores = typeof flag === "object" ? (flag as Record<string, unknown>)["category_scores"] : undefined;
  if (typeof scores === "object" && scores !== null) return scores as Record<string, unknown>;
  throw new InputError(`'moderation_flag' has no category_scores; ${AS_PUBLISHED}`, place);
}

function probability(scores: Readonly<Record<string, unknown>>, category: string, place: InputPlace): number {
  const value = scores[category];
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  const found = value === undefined ? "is missing" : `is ${oneLine(JSON.stringify(value))}`;
  throw new InputError(
    `'moderation_flag.category_scores.${category}' ${found}, expected a probability; ${AS_PUBLISHED}`,
    place,
  );
}
