import { Effect } from "effect";
import { attempt, type BadInput, type Failed, type Stopped } from "./failure.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs work that saves itself when its signal is aborted: at the first Ctrl-C or SIGTERM, which it answers with `Stopped`. A second
 * one ends the process at once. The line is printed here, because the fiber is interrupted as soon as the work is over.
 */
export function stoppable<A>(
  run: (signal: AbortSignal) => Promise<A>,
  done: () => void,
): Effect.Effect<A, BadInput | Failed | Stopped> {
  return Effect.suspend(() => {
    const controller = new AbortController();
    let code = 0;
    const listeners = Object.entries(SIGNALS).map(([name, exitCode]) => {
      const listener = (): void => {
        if (code !== 0) process.exit(exitCode);
        code = exitCode;
        controller.abort();
      };
      process.on(name, listener);
      return () => process.removeListener(name, listener);
    });
    return attempt(() => run(controller.signal)).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          for (const remove of listeners) remove();
          done();
        }),
      ),
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (code === 0) return;
          console.error(`bridgewise: ${error.message}`);
          process.exitCode = error._tag === "Stopped" ? code : 1;
        }),
      ),
      Effect.uninterruptible,
    );
  });
}
