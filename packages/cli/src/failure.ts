import { InputError } from "@bridgewise/core";
import { SamplingError } from "@bridgewise/sampler-gpu/node";
import { Data, Effect } from "effect";

/** The person's input has to be mended: one line, exit code 2. */
export class BadInput extends Data.TaggedError("BadInput")<{ readonly message: string }> {}

/** The work itself did not succeed: one line, exit code 1. */
export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** Runs plain or asynchronous code; its signal is aborted on Ctrl-C. What is neither kind of failure is a defect and keeps its stack. */
export function attempt<A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, BadInput | Failed> {
  return Effect.tryPromise({ try: run, catch: (error) => error }).pipe(
    Effect.catch((error) => {
      if (error instanceof InputError || error instanceof RangeError)
        return Effect.fail(new BadInput({ message: error.message }));
      if (error instanceof SamplingError) return Effect.fail(new Failed({ message: error.message }));
      return Effect.die(error);
    }),
  );
}
