import { Effect } from "effect";
import type { ScoreStore } from "../store/store.ts";

/**
 * Gathers what answers bring in one turn of the event loop into one transaction; each write returns when it is
 * on the disk.
 */
export function commitQueue(store: ScoreStore): (write: () => void) => Effect.Effect<void, unknown> {
  let waiting: { readonly write: () => void; readonly done: (error?: unknown) => void }[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    try {
      store.transaction(() => {
        for (const { write } of batch) write();
      });
    } catch (error) {
      for (const { done } of batch) done(error);
      return;
    }
    for (const { done } of batch) done();
  };
  return (write) =>
    Effect.callback<void, unknown>((resume) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({
        write,
        done: (error) => resume(error === undefined ? Effect.void : Effect.fail(error)),
      });
    }).pipe(Effect.uninterruptible);
}
