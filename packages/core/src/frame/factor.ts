import type { FactorColumn } from "./frame.ts";

/**
 * A factor from texts; undefined is a missing value. Levels are sorted by their UTF-16 code units, which is
 * the order of R's `sort` in the C locale: upper case before lower case, `item10` before `item2`. R in another
 * locale may sort them otherwise, and would then take another level as the reference.
 */
export function factorFromTexts(name: string, texts: readonly (string | undefined)[]): FactorColumn {
  const codes = new Int32Array(texts.length);
  const seen = new Map<string, number>();
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (text === undefined) {
      codes[i] = -1;
      continue;
    }
    let code = seen.get(text);
    if (code === undefined) {
      code = seen.size;
      seen.set(text, code);
    }
    codes[i] = code;
  }
  return factorFromCodes(name, [...seen.keys()], codes);
}

/** A factor whose codes (-1 where missing) index into distinct texts in any order; it takes `codes` over. */
export function factorFromCodes(name: string, texts: readonly string[], codes: Int32Array): FactorColumn {
  const order = texts.map((_, k) => k).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1));
  const rank = new Int32Array(texts.length);
  order.forEach((k, position) => {
    rank[k] = position;
  });
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = rank[codes[i]!]!;
  return { type: "factor", name, levels: order.map((k) => texts[k]!), codes };
}

/**
 * A factor from numbers, its levels sorted by value and labelled as JavaScript writes them; NaN is missing.
 */
export function factorFromNumbers(name: string, values: Float64Array): FactorColumn {
  const distinct = new Set<number>();
  for (const value of values) if (!Number.isNaN(value)) distinct.add(value === 0 ? 0 : value);
  const numbers = Float64Array.from(distinct).sort();
  const codeOf = new Map<number, number>();
  numbers.forEach((value, code) => {
    codeOf.set(value, code);
  });
  return {
    type: "factor",
    name,
    levels: Array.from(numbers, String),
    codes: Int32Array.from(values, (value) => codeOf.get(value) ?? -1),
  };
}

/** The same factor without the levels that no row has. */
export function dropUnusedLevels(factor: FactorColumn): FactorColumn {
  const used = new Uint8Array(factor.levels.length);
  for (const code of factor.codes) if (code >= 0) used[code] = 1;
  if (used.every((mark) => mark === 1)) return factor;
  const renumbered = new Int32Array(used.length);
  const levels: string[] = [];
  for (let k = 0; k < used.length; k++)
    if (used[k] === 1) {
      renumbered[k] = levels.length;
      levels.push(factor.levels[k]!);
    }
  return { ...factor, levels, codes: factor.codes.map((code) => (code < 0 ? -1 : renumbered[code]!)) };
}
