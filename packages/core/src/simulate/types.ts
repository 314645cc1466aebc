import { CONVERSATION_TYPES, type ConversationType } from "../prism/schema.ts";
import type { Random } from "./random.ts";

/** PRISM's conversations of each type (codebook, Kirk et al. 2024), and those that PAPER drops as not English. */
const PUBLISHED: Readonly<Record<ConversationType, { readonly all: number; readonly notEnglish: number }>> = {
  unguided: { all: 3113, notEnglish: 20 },
  "values guided": { all: 2460, notEnglish: 20 },
  "controversy guided": { all: 2438, notEnglish: 11 },
};
const PUBLISHED_ALL = 8011;
/** Users that PAPER loses with them: 1,396 - 1,394. */
const USERS_LOST = 2;

/**
 * A type for each conversation: dealt to each user in turn, as PRISM asked for two of each, then moved
 * until the totals have PRISM's proportions.
 */
export function drawTypes(random: Random, users: readonly string[]): ConversationType[] {
  const start = new Map<string, number>();
  const types = users.map((user) => {
    const at = start.get(user) ?? random.below(CONVERSATION_TYPES.length);
    start.set(user, at + 1);
    return CONVERSATION_TYPES[at % CONVERSATION_TYPES.length]!;
  });
  const wanted = wantedTypes(users.length);
  const excess = (type: ConversationType): number => types.filter((t) => t === type).length - wanted[type];
  const order = random.shuffle(types.map((_, i) => i));
  for (const to of CONVERSATION_TYPES) {
    let missing = -excess(to);
    for (const from of CONVERSATION_TYPES) {
      let spare = excess(from);
      for (const i of order) {
        if (missing <= 0 || spare <= 0) break;
        if (types[i] !== from) continue;
        types[i] = to;
        missing--;
        spare--;
      }
    }
  }
  return types;
}

function wantedTypes(conversations: number): Record<ConversationType, number> {
  const values = Math.round((conversations * PUBLISHED["values guided"].all) / PUBLISHED_ALL);
  const controversy = Math.round((conversations * PUBLISHED["controversy guided"].all) / PUBLISHED_ALL);
  return {
    unguided: conversations - values - controversy,
    "values guided": values,
    "controversy guided": controversy,
  };
}

/**
 * Which conversations are not English: at full size as many of each type as PAPER dropped, and all those
 * of two users; at least one of each type, however small.
 */
export function drawNotEnglish(
  random: Random,
  users: readonly string[],
  types: readonly ConversationType[],
): Set<number> {
  const scale = users.length / PUBLISHED_ALL;
  const byUser = new Map<string, number[]>();
  for (const [i, user] of users.entries()) {
    const own = byUser.get(user);
    if (own) own.push(i);
    else byUser.set(user, [i]);
  }
  const left = Object.fromEntries(
    CONVERSATION_TYPES.map((type) => [type, Math.max(1, Math.round(PUBLISHED[type].notEnglish * scale))]),
  ) as Record<ConversationType, number>;
  const chosen = new Set<number>();
  const choose = (i: number): void => {
    chosen.add(i);
    left[types[i]!]--;
  };
  // Those with the fewest conversations: more than a type's number would not fit.
  const fewest = random.shuffle([...byUser.values()]).sort((a, b) => a.length - b.length);
  for (const conversations of fewest.slice(0, Math.round(USERS_LOST * scale))) conversations.forEach(choose);
  const remaining = new Map(
    [...byUser].map(([user, own]) => [user, own.filter((i) => !chosen.has(i)).length]),
  );
  for (const i of random.shuffle(users.map((_, i) => i))) {
    // Others keep at least one.
    const own = remaining.get(users[i]!)!;
    if (chosen.has(i) || own < 2 || left[types[i]!] <= 0) continue;
    choose(i);
    remaining.set(users[i]!, own - 1);
  }
  return chosen;
}
