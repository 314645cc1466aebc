import { Clock, Effect, Random, Semaphore } from "effect";

/**
 * Paces requests: they begin at least 1/rate seconds apart, so that no window of w seconds sees more than
 * floor(w * rate) + 1 of them, however many are under way. What the service refuses slows all of them down.
 */
export interface Quota {
  /** Waits for one's turn; the request begins when it returns, with the moment (ms, monotonic). */
  readonly take: Effect.Effect<number>;
  /**
   * The service said 429 to a request that began at `began`: nothing begins before the next minute (or `retryAfter`
   * seconds), and the rate is halved. Further refusals of requests that began before that change nothing more.
   */
  readonly refused: (began: number, retryAfter?: number) => Effect.Effect<void>;
  /** A request succeeded: after 60 in a row the rate grows by a tenth of the one asked for, up to that. */
  readonly succeeded: Effect.Effect<void>;
  /** Requests a second, now. */
  readonly rate: () => number;
}

/** The service counts its quota by the minute, and does not say when it is full again. */
const MINUTE = 60_000;
/** Several processes and machines should not come back in one moment. */
const JITTER = 5_000;
/** The rate is never below this share of the one asked for. */
const LEAST_SHARE = 1 / 16;
const SUCCESSES = 60;

/** `rate`: requests a second, above 0. */
export function makeQuota(rate: number): Quota {
  const turn = Semaphore.makeUnsafe(1);
  let share = 1;
  /** Milliseconds, monotonic: not moved by a clock that is set. */
  let last = Number.NEGATIVE_INFINITY;
  let resume = Number.NEGATIVE_INFINITY;
  let successes = 0;

  const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6);
  const wait: Effect.Effect<number> = Effect.gen(function* () {
    for (;;) {
      const time = yield* now;
      const begin = Math.max(last + 1000 / (rate * share), resume);
      if (time >= begin) {
        last = time;
        return time;
      }
      // timers count whole milliseconds
      yield* Effect.sleep(Math.ceil(begin - time));
    }
  });

  return {
    take: turn.withPermits(1)(wait),
    refused: (began, retryAfter) =>
      Effect.gen(function* () {
        const time = yield* now;
        const wall = yield* Clock.currentTimeMillis;
        const pause = retryAfter !== undefined ? retryAfter * 1000 : toNextMinute(wall);
        const jitter = (yield* Random.next) * JITTER;
        successes = 0;
        // one refusal of the minute speaks for all that were under way with it
        if (began < resume) return;
        resume = time + pause + jitter;
        share = Math.max(LEAST_SHARE, share / 2);
      }),
    succeeded: Effect.sync(() => {
      if (share === 1 || ++successes < SUCCESSES) return;
      successes = 0;
      share = Math.min(1, Math.round(1e6 * (share + 0.1)) / 1e6);
    }),
    rate: () => rate * share,
  };
}

/** Milliseconds to the next whole minute of the clock. */
export const toNextMinute = (wall: number): number => MINUTE - (wall % MINUTE);
