import { InputError } from "../input-error.ts";
import type { ConversationType } from "../prism/schema.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { mergeAttributes } from "./merged-attributes.ts";
import { PRISM_MODELS } from "./models.ts";
import { moderatedPart, moderation } from "./moderation.ts";
import { promptDraws } from "./prompt-draws.ts";
import { type Random, randomStream } from "./random.ts";
import { drawConversation, drawEffects, drawRating, type GroupEffects } from "./ratings.ts";
import { type AttributeEffects, promptFits, responseDraws } from "./response-draws.ts";
import { prismStructure, type StructureRow } from "./structure.ts";
import { type Coefficients, type Truth, truthOf } from "./truth.ts";
import { drawNotEnglish, drawTypes } from "./types.ts";
import { drawUser, groupsOf, type SimulatedUser } from "./users.ts";

export interface SimulateOptions {
  /** Whole, from 0; the same seed gives the same bytes. */
  readonly seed: number;
  /** Share of PRISM's users, above 0 and at most 1. */
  readonly scale?: number;
  /** Replaces true values of the ratings, by brms's names. */
  readonly coefficients?: Coefficients;
  /** Whether slopes differ between raters as in PAPER's analysis 2; default true. */
  readonly moderation?: boolean;
}

/** A text with its attributes [ATTRIBUTES]; NaN where the scores file lacks one. */
export interface SimulatedText {
  /** Number of its id: ut0, int0, … */
  readonly number: number;
  readonly attributes: Float64Array;
}

export interface SimulatedResponse extends SimulatedText {
  /** Index into PRISM_MODELS. */
  readonly model: number;
  readonly score: number;
  readonly if_chosen: boolean;
  /** Its text is PRISM's for an empty one. */
  empty: boolean;
}

/** A prompt and the responses to it. */
export interface SimulatedTurn {
  readonly prompt: SimulatedText;
  readonly responses: readonly SimulatedResponse[];
}

export interface SimulatedConversation {
  readonly conversation_id: string;
  readonly user_id: string;
  readonly conversation_type: ConversationType;
  readonly english: boolean;
  readonly turns: readonly SimulatedTurn[];
}

export interface SimulatedPrism {
  readonly seed: number;
  readonly scale: number;
  readonly truth: Truth;
  /** True values of log_score in models with the groups' interactions (analysis 2), where they are simulated. */
  readonly moderated: Readonly<Record<string, number>> | null;
  /** All who answered the survey, also those without a conversation. */
  readonly users: readonly SimulatedUser[];
  readonly conversations: readonly SimulatedConversation[];
}

/** PRISM's survey had 1,500 users, user0 to user1499; 1,396 of them went on to conversations. */
const SURVEYED = 1500;
/** Share of conversations with a second turn, and its responses: two of the chosen model, as in PRISM. */
const SECOND_TURN = 0.1;
const SECOND_RESPONSES = 2;
/** At full size, each in a conversation of its own and in English: empty responses, responses and prompts with a score missing. */
const GAPS = { empty: 12, response: 20, prompt: 8 };

/**
 * A data set with PRISM's nesting, types and sizes, random texts' attributes and ratings from known
 * coefficients: PAPER's in analyses 1a, 1b, 2 and 3. Nothing in it is from a person or a model, but for the nesting.
 */
export function simulatePrism(options: SimulateOptions): SimulatedPrism {
  const { seed, scale = 1, moderation: moderates = true } = options;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new InputError(`the seed is ${seed}, expected a whole number from 0`);
  }
  if (!(scale > 0 && scale <= 1)) {
    throw new InputError(`the scale is ${scale}, expected a share of PRISM's users above 0 and at most 1`);
  }
  const truth = truthOf(options.coefficients);
  const rows = chooseUsers(randomStream(seed, "users"), prismStructure(), scale);
  const userIds = rows.map((row) => row.user_id);
  const types = drawTypes(randomStream(seed, "types"), userIds);
  const notEnglish = drawNotEnglish(randomStream(seed, "language"), userIds, types);
  const users = surveyed(seed, new Set(userIds), scale);
  const raters = raterDraws(seed, truth, users, moderates ? rows : []);

  const draw = conversationDraws(seed, truth);
  const conversations = rows.map(
    (row, i): SimulatedConversation => ({
      conversation_id: row.conversation_id,
      user_id: row.user_id,
      conversation_type: types[i]!,
      english: !notEnglish.has(i),
      turns: draw(row.responses, raters.of(row.user_id)),
    }),
  );
  makeGaps(randomStream(seed, "gaps"), conversations, scale);
  return { seed, scale, truth, moderated: moderates ? raters.truth : null, users, conversations };
}

/** A rater: effects on the ratings and on the attributes, and by how much the slopes of log_score are the rater's own. */
interface Rater {
  readonly ratings: GroupEffects;
  readonly attributes: AttributeEffects;
  readonly slopes: Float64Array;
}

/** `rows`: conversations whose raters' groups moderate; none: no group does. */
function raterDraws(
  seed: number,
  truth: Truth,
  users: readonly SimulatedUser[],
  rows: readonly StructureRow[],
): { readonly of: (user_id: string) => Rater; readonly truth: Readonly<Record<string, number>> } {
  const groups = new Map(users.map((user) => [user.user_id, groupsOf(user)]));
  const moderating = moderation(
    rows.map(({ user_id, responses }) => ({ groups: groups.get(user_id)!, weight: responses })),
  );
  const effects = randomStream(seed, "effects of users");
  const attributes = responseDraws();
  const known = new Map<string, Rater>();
  const rater = (user_id: string): Rater => ({
    ratings: drawEffects(effects, truth, "sd_user_id__Intercept"),
    attributes: attributes.user(effects),
    slopes: moderating.slopes(groups.get(user_id)!).map((slope) => (rows.length > 0 ? slope : 0)),
  });
  return {
    of: (user_id) => {
      const found = known.get(user_id) ?? rater(user_id);
      known.set(user_id, found);
      return found;
    },
    truth: moderating.truth(truth.log_score),
  };
}

/** The conversations of a random share of the users, in PRISM's order. */
function chooseUsers(random: Random, rows: readonly StructureRow[], scale: number): readonly StructureRow[] {
  if (scale === 1) return rows;
  const users = random.shuffle([...new Set(rows.map((row) => row.user_id))]);
  const kept = new Set(users.slice(0, Math.max(1, Math.round(scale * users.length))));
  return rows.filter((row) => kept.has(row.user_id));
}

/** Draws the turns of one conversation after the other; ids count on. */
function conversationDraws(seed: number, truth: Truth): (responses: number, rater: Rater) => SimulatedTurn[] {
  const attributes = responseDraws();
  const prompt = promptDraws(promptFits);
  const texts = randomStream(seed, "attributes");
  const ratings = randomStream(seed, "ratings");
  const choices = randomStream(seed, "models");
  const effects = randomStream(seed, "effects");
  const models = PRISM_MODELS.map(() => ({
    ratings: drawEffects(effects, truth, "sd_model_name__Intercept"),
    attributes: attributes.model(effects),
  }));
  let prompts = 0;
  let utterances = 0;
  return (count, rater) => {
    const latent = attributes.conversation(texts);
    const asked = (): { readonly prompt: Float64Array; readonly means: Float64Array } => {
      const own = prompt(texts);
      return { prompt: own, means: attributes.means(own, rater.attributes, latent) };
    };
    const opening = asked();
    const conversation = drawConversation(effects, truth, moderatedPart(rater.slopes, opening.means));
    const turn = ({ prompt, means }: typeof opening, chosen: readonly number[]): SimulatedTurn => ({
      prompt: { number: prompts++, attributes: prompt },
      responses: chosen.map((model): SimulatedResponse => {
        const own = attributes.response(texts, means, models[model]!.attributes, latent);
        const merged = mergeAttributes(own);
        const rating = drawRating(
          ratings,
          truth,
          merged,
          [models[model]!.ratings, rater.ratings, conversation],
          {
            conversation: moderatedPart(rater.slopes, means),
            all: moderatedPart(rater.slopes, merged),
          },
        );
        return { number: utterances++, attributes: own, model, ...rating, empty: false };
      }),
    });
    const first = turn(opening, choices.shuffle(models.map((_, model) => model)).slice(0, count));
    if (choices.uniform() >= SECOND_TURN) return [first];
    const { model } = first.responses.find((response) => response.if_chosen) ?? first.responses[0]!;
    return [
      first,
      turn(
        asked(),
        Array.from({ length: SECOND_RESPONSES }, () => model),
      ),
    ];
  };
}

function makeGaps(random: Random, conversations: readonly SimulatedConversation[], scale: number): void {
  const english = random.shuffle(conversations.filter((conversation) => conversation.english));
  const take = (count: number): SimulatedTurn[] =>
    english.splice(0, Math.max(1, Math.round(count * scale))).map((conversation) => conversation.turns[0]!);
  const any = (turn: SimulatedTurn): SimulatedResponse =>
    turn.responses[random.below(turn.responses.length)]!;
  for (const turn of take(GAPS.empty)) any(turn).empty = true;
  for (const turn of take(GAPS.response)) any(turn).attributes[random.below(ATTRIBUTES.length)] = Number.NaN;
  for (const turn of take(GAPS.prompt)) turn.prompt.attributes.fill(Number.NaN);
}

function surveyed(seed: number, active: ReadonlySet<string>, scale: number): SimulatedUser[] {
  const random = randomStream(seed, "survey");
  const background = randomStream(seed, "background");
  const users = Array.from({ length: SURVEYED }, (_, i) => drawUser(random, background, `user${i}`));
  const idle = users.filter((user) => !active.has(user.user_id)).map((user) => user.user_id);
  const kept = new Set(
    scale === 1 ? idle : random.shuffle(idle).slice(0, Math.round((SURVEYED - 1396) * scale)),
  );
  return users.filter((user) => active.has(user.user_id) || kept.has(user.user_id));
}
