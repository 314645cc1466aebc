import { Clock, Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import { expect, it } from "vitest";
import { makeQuota } from "../src/index.ts";

/** Numbers in [0, 1) from a seed (Park & Miller 1988, doi:10.1145/63039.63042). */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (48271 * state) % 2147483647;
    return state / 2147483647;
  };
}

const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6);

/** Begins (ms) of requests by `workers` at once, each of random length; one in `refusals` is refused. */
async function begins(seed: number, rate: number, workers: number, count: number, refusals: number) {
  const random = uniforms(seed);
  const quota = makeQuota(rate);
  const at: number[] = [];
  const refused: { at: number; rate: number }[] = [];
  const worker = Effect.gen(function* () {
    while (at.length < count) {
      const began = yield* quota.take;
      at.push(yield* now);
      yield* Effect.sleep(random() * 4000);
      if (random() < refusals) {
        yield* quota.refused(began);
        refused.push({ at: yield* now, rate: quota.rate() });
      } else yield* quota.succeeded;
    }
  });
  await Effect.runPromise(
    Effect.gen(function* () {
      const all = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: workers }), () => worker, { concurrency: "unbounded" }),
      );
      yield* TestClock.adjust("10 days");
      yield* Fiber.join(all);
    }).pipe(Effect.provide(TestClock.layer())),
  );
  return { at, refused };
}

it("never begins more than the rate in any window, whatever the rate, the workers and the refusals", async () => {
  const random = uniforms(7);
  for (let k = 0; k < 40; k++) {
    const rate = [0.3, 1, 7, 60, 333.3][k % 5]!;
    const workers = 1 + Math.floor(random() * 30);
    const { at } = await begins(k + 1, rate, workers, 120, [0, 0.02, 0.2][k % 3]!);
    for (let i = 0; i < at.length; i++) {
      for (let j = i + 1; j < at.length; j++) {
        // a window that holds the requests i to j has j - i + 1 of them
        const seconds = (at[j]! - at[i]!) / 1000;
        expect(j - i + 1).toBeLessThanOrEqual(Math.floor(seconds * rate + 1e-6) + 1);
      }
    }
    // and uses it: with workers enough, nothing refused, the pace is the rate, to the timer's millisecond
    if (k % 3 === 0 && workers > 4 * rate + 1) {
      const spacing = Math.ceil(1000 / rate);
      expect(at.at(-1)! - at[0]!).toBeLessThanOrEqual(spacing * (at.length - 1) + 1e-6);
    }
  }
});

it("a refusal holds everybody until the next minute, and halves the rate, which comes back", async () => {
  const quota = makeQuota(4);
  const taken: number[] = [];
  await Effect.runPromise(
    Effect.gen(function* () {
      const first = yield* quota.take;
      yield* Effect.forkChild(TestClock.adjust("10 seconds"));
      const second = yield* quota.take;
      // both were under way: one refusal, not two
      yield* quota.refused(first);
      yield* quota.refused(second);
      expect(quota.rate()).toBe(2);
      const wait = yield* Effect.forkChild(
        Effect.flatMap(quota.take, (at) => Effect.sync(() => taken.push(at))),
      );
      yield* TestClock.adjust("2 minutes");
      yield* Fiber.join(wait);
      for (let k = 0; k < 60 * 4; k++) yield* quota.succeeded;
      expect(quota.rate()).toBeCloseTo(4 * 0.9, 10);
      for (let k = 0; k < 60; k++) yield* quota.succeeded;
      expect(quota.rate()).toBe(4);
    }).pipe(Effect.provide(TestClock.layer())),
  );
  expect(taken[0]).toBeGreaterThanOrEqual(60_000);
  expect(taken[0]).toBeLessThan(65_001);
});
