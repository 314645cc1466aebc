import { InputError } from "@bridgewise/core";
import { StoreError } from "@bridgewise/perspective/node";
import { EngineError, SamplingError } from "@bridgewise/sampler-gpu/node";
import { Data, Effect } from "effect";

/** The person's input has to be mended: one line, and where it helps two that point at the place; exit code 2. */
export class BadInput extends Data.TaggedError("BadInput")<{
  readonly message: string;
  /** Two lines: the input, and a caret under the place. */
  readonly pointer?: string;
}> {}

/** The work itself did not succeed: one line, exit code 1. */
export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** The person, or the system, stopped the work, which is saved: one line that says how to go on, exit code 130 or 143. */
export class Stopped extends Data.TaggedError("Stopped")<{ readonly message: string }> {}

class Unexpected extends Data.TaggedError("Unexpected")<{ readonly cause: unknown }> {}

function classify(error: unknown): BadInput | Failed | Stopped | Unexpected {
  if (error instanceof InputError)
    return new BadInput({
      message: error.message,
      ...(error.pointer !== undefined && { pointer: error.pointer }),
    });
  if (error instanceof RangeError) return new BadInput({ message: error.message });
  if (error instanceof SamplingError || error instanceof EngineError || error instanceof StoreError)
    return new Failed({ message: error.message });
  return error instanceof Stopped || error instanceof Failed ? error : new Unexpected({ cause: error });
}

/** Runs plain asynchronous code; its signal is aborted on Ctrl-C. What is no kind of failure is a defect and keeps its stack. */
export function attempt<A>(
  run: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, BadInput | Failed | Stopped> {
  return Effect.tryPromise({ try: run, catch: classify }).pipe(
    Effect.catchTag("Unexpected", ({ cause }) => Effect.die(cause)),
  );
}
