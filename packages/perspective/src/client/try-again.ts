import { Effect, Random } from "effect";
import type { ScoringError } from "./errors.ts";

/** Seconds before the second try, doubled for each further one, at most LONGEST_WAIT; times 0.5 to 1.5. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 60;

/** Does what may pass again, `tries` times in all. */
export function tryAgain<A>(
  attempt: Effect.Effect<A, ScoringError>,
  tries: number,
): Effect.Effect<A, ScoringError> {
  const from = (tried: number): Effect.Effect<A, ScoringError> =>
    attempt.pipe(
      Effect.catchIf(
        (error) => !error.permanent && tried + 1 < tries,
        (error) =>
          // a refusal has moved the quota's next turn
          (error._tag === "quota" ? Effect.void : pause(tried)).pipe(Effect.andThen(from(tried + 1))),
      ),
    );
  return from(0);
}

const pause = (tried: number): Effect.Effect<void> =>
  Effect.flatMap(Random.next, (random) =>
    Effect.sleep(1000 * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tried) * (0.5 + random)),
  );
