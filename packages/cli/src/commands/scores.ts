import { scoresFormatOf, writeScoresFile } from "@bridgewise/core/node";
import {
  chooseKey,
  exportedRows,
  type ImportScoresResult,
  importScores,
  openCorpus,
  type ScoreStore,
  storeStats,
  verifyStore,
  withStore,
} from "@bridgewise/perspective/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt, Failed } from "../failure.ts";
import { scoresOut } from "../pipeline/scores-out.ts";
import { storeStatsText } from "../terminal/store-stats.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";
import { inputFlag, storeFlag, textColumnFlag } from "./score.ts";
import { compareCommand } from "./scores-compare.ts";
import { conflictsFlag, conflictsLine, leaveOut, merge } from "./scores-merge.ts";

/** Work in a store that is there. */
const inStore = <A>(file: string, work: (store: ScoreStore) => Promise<A>) =>
  attempt(() => withStore(file, work, { create: false }));

const FORMATS = ["csv", "jsonl", "parquet"] as const;
const storeArgument = Argument.String("store").pipe(Argument.withDescription("Store of scores"));
const providerFlag = Flag.String("provider").pipe(Flag.optional, Flag.withDescription("Who scored"));
const languageFlag = Flag.String("language").pipe(
  Flag.optional,
  Flag.withDescription("Language that was asked for"),
);
const corpusOf = async (input: Option.Option<string>, textColumn: string) =>
  Option.isSome(input) ? await openCorpus(input.value, { textColumn }) : undefined;
const n = (value: number): string => value.toLocaleString("en");

const exportScores = Command.make(
  "export",
  {
    store: storeArgument,
    out: Flag.String("out").pipe(
      Flag.withMetavar("FILE.csv|.jsonl|.parquet"),
      Flag.withDescription("Scores file, its format by its name unless --format tells it"),
    ),
    format: Flag.Literals("format", FORMATS).pipe(
      Flag.optional,
      Flag.withDescription("csv, jsonl or parquet (default: by the file's name)"),
    ),
    input: inputFlag.pipe(
      Flag.optional,
      Flag.withDescription("Name texts by the ids of this PRISM folder, CSV or JSONL (default: by hash)"),
    ),
    textColumn: textColumnFlag,
    provider: providerFlag,
    language: languageFlag,
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* inStore(flags.store, async (store) => {
      const out = scoresOut(flags.out, "--out", Option.toArray(flags.input));
      const format = Option.getOrElse(flags.format, () => scoresFormatOf(out));
      const key = chooseKey(store, {
        provider: Option.getOrUndefined(flags.provider),
        language: Option.getOrUndefined(flags.language),
      });
      const corpus = await corpusOf(flags.input, flags.textColumn);
      const { rows, unscored } = await exportedRows({ store, key, corpus });
      let scores = 0;
      const counted = (function* () {
        for (const row of rows) {
          scores++;
          yield row;
        }
      })();
      await writeScoresFile(out, counted, format);
      const missing = unscored();
      if (flags.json) console.log(JSON.stringify({ ...key, scores, unscored: missing, out }));
      else if (!flags.quiet)
        console.log(
          [
            `${n(scores)} scores by ${key.provider} (${key.language})${missing > 0 ? `; ${n(missing)} ${missing === 1 ? "text has" : "texts have"} none` : ""}`,
            `Written: ${out}`,
            `Next: bridgewise prism table --prism DIR --scores ${out} --out table`,
          ].join("\n"),
        );
    });
  }),
).pipe(
  Command.withDescription(
    "Writes the scores of one provider and language as a scores file, which bridgewise prism table joins to PRISM.",
  ),
  Command.withShortDescription("Write a scores file"),
);

const importCommand = Command.make(
  "import",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Scores file: CSV, JSONL or Parquet, long or wide"),
    ),
    store: storeFlag,
    input: inputFlag.pipe(
      Flag.optional,
      Flag.withDescription("Texts of a file that names them by id: PRISM's folder, CSV or JSONL"),
    ),
    textColumn: textColumnFlag,
    provider: providerFlag,
    language: languageFlag,
    conflicts: conflictsFlag,
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* attempt(async () => {
      const corpus = await corpusOf(flags.input, flags.textColumn);
      await withStore(flags.store, async (store) => {
        const result = await importScores({
          store,
          file: flags.file,
          corpus,
          provider: Option.getOrUndefined(flags.provider),
          language: Option.getOrUndefined(flags.language),
          leaveOut: leaveOut(flags.conflicts, [flags.file]),
        });
        if (flags.json) console.log(JSON.stringify(result));
        else if (!flags.quiet)
          console.log(
            [
              `${n(result.imported)} scores imported into ${flags.store}${others(result)}${conflictsLine(result.conflicts, flags.conflicts)}`,
              `Next: bridgewise scores stats ${flags.store}`,
            ].join("\n"),
          );
      });
    });
  }),
).pipe(
  Command.withDescription(
    "Takes a scores file into a store: all of it, or nothing where a line is wrong. A score that differs from the store's is an error, unless --conflicts takes it.",
  ),
  Command.withShortDescription("Take a scores file into a store"),
);

/** What was not imported, where there is any. */
function others({ known, empty, unmatched }: ImportScoresResult): string {
  return [
    ...(known > 0 ? [`, ${n(known)} there already`] : []),
    ...(empty > 0 ? [`, ${n(empty)} cells empty`] : []),
    ...(unmatched > 0 ? [`, ${n(unmatched)} rows of texts that --input does not have`] : []),
  ].join("");
}

const stats = Command.make(
  "stats",
  { store: storeArgument, json: jsonFlag },
  Effect.fnUntraced(function* ({ store: file, json }) {
    yield* inStore(file, async (store) => {
      const found = storeStats(store);
      console.log(json ? JSON.stringify(found) : storeStatsText(found));
    });
  }),
).pipe(
  Command.withDescription("Counts a store's scores by provider, language and attribute, and its failures."),
  Command.withShortDescription("Count scores and failures"),
);

const verify = Command.make(
  "verify",
  { store: storeArgument, json: jsonFlag },
  Effect.fnUntraced(function* ({ store: file, json }) {
    yield* inStore(file, async (store) => {
      const problems = verifyStore(store);
      if (json) console.log(JSON.stringify({ file, problems }));
      else if (problems.length === 0) console.log(`${file}: sound`);
      else for (const problem of problems) console.error(problem);
      if (problems.length > 0) throw new Failed({ message: `${file}: ${n(problems.length)} problems` });
    });
  }),
).pipe(
  Command.withDescription("Reads a whole store and checks it; status 1 where something is wrong."),
  Command.withShortDescription("Check a store"),
);

export const scores = Command.make("scores").pipe(
  Command.withDescription("Works with a store of scores."),
  Command.withShortDescription("Export, import, merge, compare, count and check scores"),
  Command.withSubcommands([exportScores, importCommand, merge, compareCommand, stats, verify]),
);
