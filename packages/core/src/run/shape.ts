/** Why a value does not have the shape asked for. */
export interface Mismatch {
  /** `priors.b_x`, `groups[2].name`; empty for the value itself. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** Looks for the first mismatch between a value and T. */
export type Shape<T> = ((value: unknown, path: string) => Mismatch | null) & {
  /** The type that the shape stands for; never set. */
  readonly of?: T;
};

export const text: Shape<string> = leaf("a text", (value) => typeof value === "string");
export const flag: Shape<boolean> = leaf("true or false", (value) => typeof value === "boolean");
export const finite: Shape<number> = leaf("a finite number", Number.isFinite);
export const count: Shape<number> = leaf(
  "a whole number from 0 on",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

export function literal<const T extends string>(wanted: T): Shape<T> {
  return leaf(JSON.stringify(wanted), (value) => value === wanted);
}

export function oneOf<const T extends string>(...wanted: readonly T[]): Shape<T> {
  const names = wanted.map((one) => JSON.stringify(one));
  return leaf(names.join(" or "), (value) => (wanted as readonly unknown[]).includes(value));
}

/** Two texts. */
export const pair: Shape<readonly [string, string]> = leaf(
  "a list of two texts",
  (value) => Array.isArray(value) && value.length === 2 && value.every((entry) => typeof entry === "string"),
);

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) return mismatch(path, "a list", value);
    return first(value.entries(), ([i, entry]) => item(entry, `${path}[${i}]`));
  };
}

export function record<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (!isObject(value)) return mismatch(path, "an object", value);
    return first(Object.entries(value), ([key, entry]) => item(entry, join(path, key)));
  };
}

/** Every field of T has a shape, which the compiler checks; further fields of a value are let pass. */
export function object<T extends object>(
  fields: { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> },
  optional: readonly (keyof T & string)[] = [],
): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][];
  return (value, path) => {
    if (!isObject(value)) return mismatch(path, "an object", value);
    return first(shapes, ([key, shape]) => {
      const entry = Object.hasOwn(value, key) ? value[key] : undefined;
      if (entry === undefined && (optional as readonly string[]).includes(key)) return null;
      return shape(entry, join(path, key));
    });
  };
}

function leaf<T>(expected: string, holds: (value: unknown) => boolean): Shape<T> {
  return (value, path) => (holds(value) ? null : mismatch(path, expected, value));
}

function first<T>(items: Iterable<T>, check: (item: T) => Mismatch | null): Mismatch | null {
  for (const item of items) {
    const found = check(item);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function mismatch(path: string, expected: string, value: unknown): Mismatch {
  const found =
    value === undefined
      ? "missing"
      : typeof value === "number"
        ? String(value)
        : (JSON.stringify(value) ?? typeof value);
  return { path, expected, found: found.length > 60 ? `${found.slice(0, 57)}...` : found };
}
