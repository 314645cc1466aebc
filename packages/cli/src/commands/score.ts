import { InputError } from "@bridgewise/core";
import { KEY_VARIABLE, makeClient, redactedKey, requestedAttributes } from "@bridgewise/perspective";
import {
  CorpusFault,
  type CorpusResult,
  openCorpus,
  RunStopped,
  scoreCorpus,
  withStore,
} from "@bridgewise/perspective/node";
import { Cause, Effect, Exit, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { FetchHttpClient } from "effect/http";
import { Failed, Stopped } from "../failure.ts";
import { stoppable } from "../stoppable.ts";
import { scoreProgress } from "../terminal/score-progress.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag } from "./fit-flags.ts";

const KEY_IN = ["header", "query", "bearer", "none"] as const;

export const inputFlag = Flag.String("input").pipe(
  Flag.withMetavar("FILE|DIR"),
  Flag.withDescription("Texts: CSV or JSONL with a column text, or PRISM's folder"),
);
export const storeFlag = Flag.String("store").pipe(
  Flag.withMetavar("FILE.sqlite"),
  Flag.withDescription("Store of the scores"),
);
export const textColumnFlag = Flag.String("text-column").pipe(
  Flag.withDefault("text"),
  Flag.withDescription("Column of the texts (default: text)"),
);

export const score = Command.make(
  "score",
  {
    input: inputFlag,
    store: storeFlag,
    attributes: Flag.String("attributes").pipe(
      Flag.withDefault("paper"),
      Flag.withMetavar("A,B"),
      Flag.withDescription("All in one request for each text (default: paper, the eight of the analyses)"),
    ),
    language: Flag.String("language").pipe(
      Flag.withDefault("en"),
      Flag.withDescription("Language that the texts are taken to be in (default: en)"),
    ),
    rate: Flag.Finite("rate").pipe(
      Flag.withDefault(1),
      Flag.withDescription("Requests a second at most; 1 is Perspective's quota (default: 1)"),
    ),
    concurrency: Flag.Int("concurrency").pipe(
      Flag.withDefault(8),
      Flag.withDescription("Requests under way at most (default: 8)"),
    ),
    tries: Flag.Int("tries").pipe(
      Flag.withDefault(10),
      Flag.withDescription(
        "Tries of one text while the service is away, refuses or fails (default: 10, some 4 minutes)",
      ),
    ),
    baseUrl: Flag.String("base-url").pipe(
      Flag.optional,
      Flag.withMetavar("URL"),
      Flag.withDescription("Another host that speaks Perspective's format"),
    ),
    keyIn: Flag.Literals("key-in", KEY_IN).pipe(
      Flag.withDefault("header" as const),
      Flag.withDescription(`How the key goes: header, query, bearer, none (the key: ${KEY_VARIABLE})`),
    ),
    keyHeader: Flag.String("key-header").pipe(
      Flag.withDefault("X-Goog-Api-Key"),
      Flag.withDescription("Name of the header (default: X-Goog-Api-Key)"),
    ),
    provider: Flag.String("provider").pipe(
      Flag.optional,
      Flag.withDescription("Name of the provider in the store (default: perspective, or the host's)"),
    ),
    textColumn: textColumnFlag,
    cut: Flag.Boolean("cut").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Cut texts of more than 20,480 bytes, and record it (default: they fail)"),
    ),
    spans: Flag.Boolean("spans").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Keep the scores of sentences too"),
    ),
    retryFailed: Flag.Boolean("retry-failed").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Ask again for what failed before"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = scoreProgress(process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const { language, rate, concurrency, keyIn } = flags;
      if (!(rate > 0 && rate <= 1000)) throw new InputError(`--rate is above 0 and at most 1000: ${rate}`);
      if (!(concurrency >= 1 && concurrency <= 256))
        throw new InputError(`--concurrency is 1 to 256: ${concurrency}`);
      if (!(flags.tries >= 1)) throw new InputError(`--tries is at least 1: ${flags.tries}`);
      const attributes = requestedAttributes(flags.attributes, language, {
        anyName: Option.isSome(flags.baseUrl),
      });
      const corpus = await openCorpus(flags.input, { textColumn: flags.textColumn });
      const given = process.env[KEY_VARIABLE];
      const keyless = keyIn === "none" || (Option.isSome(flags.baseUrl) && !given);
      const client = await run(
        makeClient({
          ...(!keyless && { key: redactedKey(given) }),
          ...(Option.isSome(flags.baseUrl) && { baseUrl: flags.baseUrl.value }),
          ...(Option.isSome(flags.provider) && { provider: flags.provider.value }),
          authorization:
            keyIn === "header"
              ? { in: "header", name: flags.keyHeader }
              : keyIn === "query"
                ? { in: "query", name: "key" }
                : { in: keyIn },
          rate,
          tries: flags.tries,
          cut: flags.cut,
        }).pipe(Effect.provide(FetchHttpClient.layer)),
      );
      const result = await withStore(flags.store, (store) =>
        run(
          scoreCorpus({
            corpus,
            store,
            scorer: client,
            attributes,
            language,
            concurrency,
            spans: flags.spans,
            retryFailed: flags.retryFailed,
            signal,
            onProgress: (progress) => bar.update(progress, client.quota.rate()),
          }),
        ),
      );
      bar.done();
      if (flags.json)
        console.log(JSON.stringify({ provider: client.provider, language, attributes, ...result }));
      else if (!flags.quiet) console.log(describe(result, client.provider, flags.store, flags.input));
      if (result.stopped)
        throw new Stopped({
          message: `stopped; ${counted(result.scored)} scored and kept, ${counted(result.left)} left: the same command goes on`,
        });
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    `Scores texts with the Perspective API, or a host that speaks its format, into a store: each text once, whatever stops the run; the same command goes on. The key comes from ${KEY_VARIABLE}; texts are sent with doNotStore.`,
  ),
  Command.withShortDescription("Score texts into a store, resumably"),
  Command.withExamples([
    {
      command: "bridgewise score --input prism --attributes paper --rate 1 --store scores.sqlite",
      description: "PRISM's prompts and responses: some 26 hours at 1 a second",
    },
  ]),
);

/** Runs an effect of the package; what it stopped for is thrown as the command's failures. */
async function run<A>(effect: Effect.Effect<A, RunStopped | CorpusFault | InputError>): Promise<A> {
  const exit = await Effect.runPromiseExit(effect);
  if (Exit.isSuccess(exit)) return exit.value;
  const error = Cause.squash(exit.cause);
  if (error instanceof CorpusFault) throw error.cause;
  if (error instanceof RunStopped) throw new Failed({ message: error.message });
  throw error;
}

const counted = (n: number): string => `${n.toLocaleString("en")} ${n === 1 ? "text" : "texts"}`;

function describe(result: CorpusResult, provider: string, store: string, input: string): string {
  const { rows, empty, before, failedBefore, scored, failed, elsewhere, left } = result;
  return [
    `${input}: ${rows.toLocaleString("en")} rows, ${counted(before + failedBefore + result.total)} that differ${empty > 0 ? `, ${empty.toLocaleString("en")} empty rows left out` : ""}`,
    `Scored by ${provider}: ${counted(scored)}${before > 0 ? `, and ${before.toLocaleString("en")} before` : ""}`,
    ...(failed + failedBefore > 0
      ? [
          `Failed: ${counted(failed)}${failedBefore > 0 ? `, and ${failedBefore.toLocaleString("en")} before` : ""}; why: bridgewise scores stats ${store}; again: --retry-failed`,
        ]
      : []),
    ...(elsewhere > 0 ? [`Left to another process: ${counted(elsewhere)}`] : []),
    ...(left > 0 ? [`Left: ${counted(left)}`] : []),
    `Next: bridgewise scores export ${store} --input ${input} --out scores.csv`,
  ].join("\n");
}
