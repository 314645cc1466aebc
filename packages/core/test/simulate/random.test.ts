import { expect, test } from "vitest";
import { randomStream } from "../../src/simulate/random.ts";

test("streams are repeatable, and apart by seed and name", () => {
  const first = (seed: number, name: string) => randomStream(seed, name).uniform();
  expect(first(1, "a")).toBe(first(1, "a"));
  const all = [first(1, "a"), first(1, "b"), first(2, "a"), first(1 + 2 ** 32, "a"), first(0, "a")];
  expect(new Set(all).size).toBe(all.length);
});

test("sfc32's own numbers", () => {
  // The state after seeding and 15 discarded numbers, computed apart with BigInt arithmetic.
  const mask = 0xffffffffn;
  let [a, b, c, counter] = [5n, 0n, 0x811c9dc5n, 1n];
  const next = (): bigint => {
    const sum = (a + b + counter++) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask;
    return sum;
  };
  for (let i = 0; i < 15; i++) next();
  // An empty name leaves FNV-1a's offset basis.
  const random = randomStream(5, "");
  for (let i = 0; i < 1000; i++) expect(random.uniform()).toBe((Number(next()) + 0.5) / 2 ** 32);
});

test("uniform, normal and shuffled numbers have their moments", () => {
  const random = randomStream(9, "moments");
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    sum += z;
    squares += z * z;
  }
  expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(squares / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  const places = new Float64Array(5);
  for (let i = 0; i < 10_000; i++) places[random.shuffle([0, 1, 2, 3, 4]).indexOf(0)]!++;
  for (const count of places) expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt(2000 * 0.8));
});
