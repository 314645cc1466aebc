import type { PublishedCounts } from "../answers.ts";

/** What a column, or a field of an object in it, may hold. */
export interface Rule {
  /** In words, as they follow "expected". */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  /** Rules of an object's fields. */
  readonly fields?: Fields;
  /** Published numbers of rows by value; null is not counted. */
  readonly published?: PublishedCounts;
}
export type Fields = Readonly<Record<string, Rule>>;

/** More values than this are not listed in a message. */
const LISTED = 9;

export const text: Rule = { expected: "a text", holds: (value) => typeof value === "string" };

export const textNotEmpty: Rule = {
  expected: "a text that is not empty",
  holds: (value) => typeof value === "string" && value !== "",
};

/** Such as `ut12` for the prefix `ut`. */
export function id(prefix: string): Rule {
  const form = new RegExp(`^${prefix}(0|[1-9][0-9]*)$`);
  return {
    expected: `an id such as '${prefix}0'`,
    holds: (value) => typeof value === "string" && form.test(value),
  };
}

export function whole(least: number, most: number): Rule {
  return {
    expected: `a whole number from ${least} to ${most}`,
    holds: (value) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
  };
}

/** Any number from 0. */
export const amount: Rule = {
  expected: "a number from 0",
  holds: (value) => typeof value === "number" && value >= 0,
};

/** `published`: rows with `true` and `false`. */
export function flag(published?: { readonly true: number; readonly false: number }): Rule {
  return {
    expected: "true or false",
    holds: (value) => typeof value === "boolean",
    ...(published && { published }),
  };
}

export function oneOf(published: PublishedCounts): Rule {
  return { ...named(Object.keys(published)), published };
}

/** As oneOf, where nothing is published on how often. */
export function named(values: readonly string[]): Rule {
  const known = new Set<unknown>(values);
  return {
    expected:
      values.length === 1
        ? `'${values[0]}'`
        : values.length > LISTED
          ? `one of the codebook's ${values.length} values, such as '${values[0]}'`
          : `one of ${values.map((value) => `'${value}'`).join(", ")}`,
    holds: (value) => known.has(value),
  };
}

export function object(fields: Fields): Rule {
  return {
    expected: "an object",
    holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    fields,
  };
}

/** A list of which each item holds; the message names the list alone. */
export function listOf(what: string, holds: (item: unknown) => boolean): Rule {
  return {
    expected: `a list of ${what}`,
    holds: (value) => Array.isArray(value) && value.every(holds),
  };
}

export function orNull(rule: Rule): Rule {
  return {
    ...rule,
    expected: `${rule.expected}, or null`,
    holds: (value) => value === null || rule.holds(value),
  };
}
