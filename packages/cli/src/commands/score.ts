import { InputError } from "@bridgewise/core";
import { KEY_VARIABLE, PERSPECTIVE, SCORER_KEY_VARIABLE } from "@bridgewise/perspective";
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
import { Failed, Stopped } from "../failure.ts";
import { KEY_IN, openScorer, SCORERS } from "../pipeline/scorer.ts";
import { stoppable } from "../stoppable.ts";
import { scoreProgress } from "../terminal/score-progress.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag } from "./fit-flags.ts";

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
    scorer: Flag.Literals("scorer", SCORERS).pipe(
      Flag.withDefault("perspective" as const),
      Flag.withDescription("perspective, judge, onnx or prism-moderation (default: perspective)"),
    ),
    attributes: Flag.String("attributes").pipe(
      Flag.optional,
      Flag.withMetavar("A,B"),
      Flag.withDescription("Default: paper, the eight of the analyses; TOXICITY of onnx, prism-moderation"),
    ),
    language: Flag.String("language").pipe(
      Flag.withDefault("en"),
      Flag.withDescription("Language that the texts are taken to be in (default: en)"),
    ),
    rate: Flag.Finite("rate").pipe(
      Flag.optional,
      Flag.withDescription("Requests a second at most; 1 is Perspective's quota (default: 1)"),
    ),
    concurrency: Flag.Int("concurrency").pipe(
      Flag.optional,
      Flag.withDescription("Texts under way at most (default: 8; onnx 32, prism-moderation 256)"),
    ),
    tries: Flag.Int("tries").pipe(
      Flag.withDefault(10),
      Flag.withDescription(
        "Tries of one request while the service is away, refuses or fails (default: 10, some 4 minutes)",
      ),
    ),
    baseUrl: Flag.String("base-url").pipe(
      Flag.optional,
      Flag.withMetavar("URL"),
      Flag.withDescription("A host that speaks Perspective's format, or for judge OpenAI's"),
    ),
    model: Flag.String("model").pipe(
      Flag.optional,
      Flag.withMetavar("NAME"),
      Flag.withDescription("judge: the model, as the host names it"),
    ),
    maxTokens: Flag.Int("max-tokens").pipe(
      Flag.optional,
      Flag.withDescription("judge: tokens of an answer at most (default: 200)"),
    ),
    modelDir: Flag.String("model-dir").pipe(
      Flag.optional,
      Flag.withMetavar("DIR"),
      Flag.withDescription("onnx: folder of the model; nothing is fetched"),
    ),
    keyEnv: Flag.String("key-env").pipe(
      Flag.optional,
      Flag.withMetavar("VARIABLE"),
      Flag.withDescription(
        `Variable that holds the key (default: ${KEY_VARIABLE} for Google, else ${SCORER_KEY_VARIABLE})`,
      ),
    ),
    keyIn: Flag.Literals("key-in", KEY_IN).pipe(
      Flag.optional,
      Flag.withDescription("How the key goes: header, query, bearer, none (default: header; judge bearer)"),
    ),
    keyHeader: Flag.String("key-header").pipe(
      Flag.optional,
      Flag.withDescription("Name of the header (default: X-Goog-Api-Key)"),
    ),
    provider: Flag.String("provider").pipe(
      Flag.optional,
      Flag.withDescription(
        "Name of the provider in the store (default: perspective, or the host's or model's)",
      ),
    ),
    textColumn: textColumnFlag,
    firstTurns: Flag.Boolean("first-turns").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        "Of PRISM's folder the first turns alone: all that the analyses read, some two fifths of the texts",
      ),
    ),
    cut: Flag.Boolean("cut").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        "Cut texts of more than 20,480 bytes (onnx: tokens than the model takes), and record it (default: they fail)",
      ),
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
      const { language, retryFailed, spans } = flags;
      const { textColumn, firstTurns } = flags;
      const corpus = await openCorpus(flags.input, { textColumn, firstTurns });
      const { scorer, quota, attributes, note, ...usual } = await openScorer({
        ...flags,
        attributes: Option.getOrUndefined(flags.attributes),
        rate: Option.getOrUndefined(flags.rate),
        baseUrl: Option.getOrUndefined(flags.baseUrl),
        model: Option.getOrUndefined(flags.model),
        modelDir: Option.getOrUndefined(flags.modelDir),
        maxTokens: Option.getOrUndefined(flags.maxTokens),
        keyEnv: Option.getOrUndefined(flags.keyEnv),
        keyIn: Option.getOrUndefined(flags.keyIn),
        keyHeader: Option.getOrUndefined(flags.keyHeader),
        provider: Option.getOrUndefined(flags.provider),
      });
      const concurrency = Option.getOrElse(flags.concurrency, () => usual.concurrency);
      if (!(concurrency >= 1 && concurrency <= 256))
        throw new InputError(`--concurrency is 1 to 256: ${concurrency}`);
      const result = await withStore(flags.store, (store) =>
        run(
          scoreCorpus({
            ...{ corpus, store, scorer, attributes, language, concurrency, spans, retryFailed, signal },
            onProgress: (progress) => bar.update(progress, quota?.rate()),
          }),
        ),
      );
      const { provider } = scorer;
      bar.done();
      if (flags.json)
        console.log(JSON.stringify({ provider, language, attributes, ...(note && { note }), ...result }));
      else if (!flags.quiet) console.log(describe(result, { ...flags, provider, note }));
      if (result.stopped)
        throw new Stopped({
          message: `stopped; ${counted(result.scored)} scored and kept, ${counted(result.left)} left: the same command goes on`,
        });
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    `Scores texts into a store: each text once, whatever stops the run; the same command goes on. By the Perspective API or a host that speaks its format, a language model (judge), a local classifier (onnx), or PRISM's own moderation probabilities; each is a provider of its own in the store. The key comes from ${KEY_VARIABLE}, which goes to Google alone, or ${SCORER_KEY_VARIABLE}; Perspective is told not to store the texts (doNotStore).`,
  ),
  Command.withShortDescription("Score texts into a store, resumably"),
  Command.withExamples([
    {
      command: "bridgewise score --input prism --first-turns --rate 1 --store scores.sqlite",
      description: "What the analyses read of PRISM: some 11 hours at 1 a second, 26.5 without --first-turns",
    },
    {
      command:
        "bridgewise score --base-url https://host/v1/analyze --key-in bearer --input texts.csv --store scores.sqlite",
      description: `By a host that speaks Perspective's format; its key is in ${SCORER_KEY_VARIABLE}`,
    },
    {
      command:
        "bridgewise score --scorer judge --base-url http://localhost:11434/v1 --model llama3.1 --input texts.csv --store scores.sqlite",
      description: "By a language model on this machine, without a key",
    },
    {
      command:
        "bridgewise score --scorer onnx --model-dir toxic-bert --input texts.csv --store scores.sqlite",
      description: "By a classifier in a folder: toxicity, nothing is fetched",
    },
    {
      command: "bridgewise score --scorer prism-moderation --input prism --store scores.sqlite",
      description: "PRISM's own moderation probabilities: no key, no network",
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

interface Run {
  readonly provider: string;
  readonly note: string | undefined;
  readonly store: string;
  readonly input: string;
}

function describe(result: CorpusResult, { provider, note, store, input }: Run): string {
  const { rows, empty, before, failedBefore, scored, failed, elsewhere, left } = result;
  const which =
    provider === PERSPECTIVE ? "" : ` --provider ${/^[\w.:-]+$/.test(provider) ? provider : `'${provider}'`}`;
  return [
    `${input}: ${rows.toLocaleString("en")} rows, ${counted(before + failedBefore + result.total)} that differ${empty > 0 ? `, ${empty.toLocaleString("en")} empty ${empty === 1 ? "row" : "rows"} left out` : ""}`,
    `Scored by ${provider}: ${counted(scored)}${before > 0 ? `, and ${before.toLocaleString("en")} before` : ""}`,
    ...(note === undefined ? [] : [note]),
    ...(failed + failedBefore > 0
      ? [
          `Failed: ${counted(failed)}${failedBefore > 0 ? `, and ${failedBefore.toLocaleString("en")} before` : ""}; why: bridgewise scores stats ${store}; again: --retry-failed`,
        ]
      : []),
    ...(elsewhere > 0 ? [`Left to another process: ${counted(elsewhere)}`] : []),
    ...(left > 0 ? [`Left: ${counted(left)}`] : []),
    ...(scored + before > 0
      ? [`Next: bridgewise scores export ${store}${which} --input ${input} --out scores.csv`]
      : []),
  ].join("\n");
}
