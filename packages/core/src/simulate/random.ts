import { normalQuantile } from "../posterior/normal.ts";

/** Random numbers of one stream. */
export interface Random {
  /** In (0, 1), never 0 or 1. */
  uniform(): number;
  /** Standard normal, by inversion: one uniform each. */
  normal(): number;
  /** 0 to n - 1. */
  below(n: number): number;
  /** Puts `items` into random order, in place (Fisher and Yates), and returns them. */
  shuffle<T>(items: T[]): T[];
}

/**
 * sfc32 (Chris Doty-Humphrey's PractRand): 96 bits of state and a counter, period at least 2^32. Each
 * purpose has its own stream by name, so that a change in one leaves the others' numbers as they are.
 */
export function randomStream(seed: number, name: string): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 0x1_0000_0000) >>> 0;
  let c = fnv1a(name);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // PractRand discards 12 for a 64-bit seed, 15 where all three words are set.
  for (let i = 0; i < 15; i++) next();
  const uniform = (): number => (next() + 0.5) / 0x1_0000_0000;
  const below = (n: number): number => Math.floor(uniform() * n);
  return {
    uniform,
    normal: () => normalQuantile(uniform()),
    below,
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    },
  };
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
