import { Clock, Data, Effect } from "effect";
import type { ScoringError } from "../client/errors.ts";
import type { ScoreRequest, Scorer, TextScores } from "../scorer.ts";
import type { ScoreKey, ScoreStore } from "../store/store.ts";
import { commitQueue } from "./commit-queue.ts";
import { type Corpus, type CorpusText, surveyCorpus } from "./corpus.ts";

export interface CorpusRequest extends Omit<ScoreRequest, "keep"> {
  readonly corpus: Corpus;
  readonly store: ScoreStore;
  readonly scorer: Scorer;
  /** Requests under way at most; the rate is the scorer's. Default 8. */
  readonly concurrency?: number;
  /** Score again what failed. */
  readonly retryFailed?: boolean;
  readonly onProgress?: (progress: CorpusProgress) => void;
  /** Once aborted, no text is begun; those under way have GRACE seconds to end. */
  readonly signal?: AbortSignal;
}

/** Distinct texts. */
export interface CorpusProgress {
  readonly total: number;
  /** Scored in this run. */
  readonly scored: number;
  /** Failed in this run, with the reasons in the store. */
  readonly failed: number;
  /** Not begun yet or under way. */
  readonly left: number;
}

export interface CorpusResult extends CorpusProgress {
  readonly rows: number;
  /** Rows without a text, left out. */
  readonly empty: number;
  /** Scored before this run. */
  readonly before: number;
  /** Failed before, and not tried again. */
  readonly failedBefore: number;
  /** Taken by another process. */
  readonly elsewhere: number;
  readonly stopped: boolean;
}

/** The run cannot go on: what is scored is kept. */
export class RunStopped extends Data.TaggedError("RunStopped")<{
  readonly message: string;
  readonly reason: ScoringError["_tag"];
}> {}

/**
 * Texts that may fail of what passes (no answer, quota) in a row, each begun after the last answer to any text, before
 * the service is asked for `PLAIN`; without an answer to that it counts as away. Texts that others were answered beside
 * do not count: they fail alone, however many of them end together, as they do at a corpus's end.
 */
const AWAY = 5;
/** A text that every service can answer; nothing of the answer is kept. */
const PLAIN = "Thank you, that is a fair point.";
/** Seconds for requests under way when a run is stopped. */
const GRACE = 5;

/** Scores what a corpus has and the store has not. Texts are read twice and never all in memory: only hashes are. */
export const scoreCorpus = (request: CorpusRequest): Effect.Effect<CorpusResult, RunStopped | CorpusFault> =>
  Effect.gen(function* () {
    const { corpus, store, scorer, concurrency = 8, signal } = request;
    const key: ScoreKey = { provider: scorer.provider, language: request.language };
    const survey = yield* fault(() => surveyCorpus(corpus));
    const open = (hash: string): readonly string[] => {
      const { scored, failed } = store.known(hash, key);
      return request.attributes.filter((a) => !scored.has(a) && (request.retryFailed || !failed.has(a)));
    };
    const todo = new Set<string>();
    let before = 0;
    yield* fault(async () => {
      for (const hash of survey.hashes) {
        if (open(hash).length > 0) todo.add(hash);
        else if (request.attributes.every((a) => store.known(hash, key).scored.has(a))) before++;
      }
    });
    const count = { scored: 0, failed: 0, elsewhere: 0 };
    const total = todo.size;
    const progress = (): CorpusProgress => ({
      total,
      scored: count.scored,
      failed: count.failed,
      left: total - count.scored - count.failed - count.elsewhere,
    });
    const commit = commitQueue(store);
    const save = (write: () => void) =>
      commit(write).pipe(Effect.mapError((cause) => new CorpusFault({ cause })));

    /** Failures that may pass, kept back until an answer tells that the service is there. */
    let doubtful: (() => void)[] = [];
    /** Texts answered, with scores or for good without. */
    let answered = 0;
    /** Texts that failed since the last answer, and began after it. */
    let inRow = 0;
    const settle = Effect.suspend(() => {
      const writes = doubtful;
      doubtful = [];
      count.failed += writes.length;
      return writes.length === 0 ? Effect.void : save(() => writes.forEach((write) => void write()));
    });

    const answer = Effect.suspend(() => {
      answered++;
      inRow = 0;
      return settle;
    });

    const failed = (
      { text, attributes, begun }: Begun,
      error: ScoringError,
      interruptible: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>,
    ) =>
      Effect.gen(function* () {
        const failedAt = new Date(yield* Clock.currentTimeMillis).toISOString();
        const { _tag: reason, message, permanent } = error;
        const write = (): void => {
          store.putFailure(text.hash, attributes, key, { reason, message, permanent, failedAt });
          store.release(text.hash, key);
        };
        if (error.fatal) return yield* stoppedBy(error, scorer);
        if (permanent) {
          yield* save(write);
          count.failed++;
          // without a status it was never asked for: too long, empty
          return error.status === undefined ? undefined : yield* answer;
        }
        doubtful.push(write);
        // one of the texts in a row asks, the others go on
        if (begun < answered || ++inRow !== AWAY) return;
        const before = answered;
        if (yield* interruptible(isThere(request))) return yield* answer;
        if (answered > before) return;
        return yield* new RunStopped({
          reason,
          message: `${AWAY} texts in a row could not be scored, and none beside them (${reason}: ${message}), nor a plain sentence; what is scored is kept, run it again to go on`,
        });
      });

    const one = (text: CorpusText): Effect.Effect<void, RunStopped | CorpusFault> =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const attributes = yield* fault(async () => {
          if (!store.claim(text.hash, key, now)) return undefined;
          // another process may have scored it since the survey
          return open(text.hash);
        });
        if (attributes === undefined || attributes.length === 0) {
          if (attributes !== undefined) yield* fault(async () => store.release(text.hash, key));
          count.elsewhere++;
          return;
        }
        const begun = answered;
        const keep = (scores: TextScores) => Effect.orDie(save(() => store.put(text.hash, key, scores)));
        // an answer that has come is kept, whatever stops the run
        yield* Effect.uninterruptibleMask((restore) =>
          restore(scorer.score(text.text, { ...request, attributes, keep })).pipe(
            Effect.matchEffect({
              onFailure: (error) => failed({ text, attributes, begun }, error, restore),
              onSuccess: (scores) =>
                save(() => {
                  store.put(text.hash, key, scores);
                  store.release(text.hash, key);
                }).pipe(
                  // an answer without any score leaves failures behind
                  Effect.andThen(
                    Effect.sync(() => void count[scores.scores.length > 0 ? "scored" : "failed"]++),
                  ),
                  Effect.andThen(answer),
                ),
            }),
          ),
        );
        request.onProgress?.(progress());
      });

    request.onProgress?.(progress());
    const texts = corpus.texts();
    /** The next text to score, each once. */
    const next = fault(async () => {
      if (signal?.aborted) return undefined;
      for (;;) {
        const { done, value } = await texts.next();
        if (done) return undefined;
        if (!value.empty && todo.delete(value.hash)) return value;
      }
    });
    const worker: Effect.Effect<void, RunStopped | CorpusFault> = Effect.suspend(() =>
      Effect.flatMap(next, (text) =>
        text === undefined ? Effect.void : Effect.flatMap(one(text), () => worker),
      ),
    );
    const workers = Effect.forEach(Array.from({ length: concurrency }), () => worker, {
      concurrency: "unbounded",
      discard: true,
    });
    yield* Effect.raceFirst(workers, stopOf(signal)).pipe(
      Effect.ensuring(Effect.promise(() => texts.return(undefined))),
    );
    // what failed last failed alone
    if (!signal?.aborted) yield* settle;
    return {
      ...progress(),
      rows: survey.rows,
      empty: survey.empty,
      before,
      failedBefore: survey.hashes.length - before - total,
      elsewhere: count.elsewhere,
      stopped: signal?.aborted === true,
    };
  });

/** What reading the corpus or writing the store threw: an InputError or a StoreError, as `cause`. */
export class CorpusFault extends Data.TaggedError("CorpusFault")<{ readonly cause: unknown }> {}

const fault = <A>(run: () => Promise<A>): Effect.Effect<A, CorpusFault> =>
  Effect.tryPromise({ try: run, catch: (cause) => new CorpusFault({ cause }) });

/** A text under way. */
interface Begun {
  readonly text: CorpusText;
  readonly attributes: readonly string[];
  /** Texts answered when this one began. */
  readonly begun: number;
}

/** Whether the service answers `PLAIN`, be it without a score. */
const isThere = ({ scorer, attributes, language }: CorpusRequest): Effect.Effect<boolean, RunStopped> =>
  scorer.score(PLAIN, { attributes: attributes.slice(0, 1), language }).pipe(
    Effect.matchEffect({
      onFailure: (error) => (error.fatal ? stoppedBy(error, scorer) : Effect.succeed(error.permanent)),
      onSuccess: () => Effect.succeed(true),
    }),
  );

function stopOf(signal: AbortSignal | undefined): Effect.Effect<void> {
  if (signal === undefined) return Effect.never;
  const aborted = Effect.callback<void>((resume) => {
    const stop = (): void => resume(Effect.void);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    return Effect.sync(() => signal.removeEventListener("abort", stop));
  });
  return Effect.andThen(aborted, Effect.sleep(1000 * GRACE));
}

function stoppedBy({ _tag: reason, message }: ScoringError, { advice }: Scorer): RunStopped {
  const whose = reason === "unusable" ? "" : "the service answered: ";
  const wayOut = advice?.[reason] ?? "what is scored is kept, run it again to go on";
  return new RunStopped({ reason, message: `${whose}${message}; ${wayOut}` });
}
