import { join } from "node:path";
import { InputError } from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import { attributeName } from "@bridgewise/perspective";
import {
  type AttributeComparison,
  calibrationSvg,
  compareScores,
  namesById,
  openCorpus,
  openSide,
  THRESHOLDS,
} from "@bridgewise/perspective/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { agreementTable, calibrationLines, lengthLines } from "../terminal/agreement.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";
import { inputFlag, textColumnFlag } from "./score.ts";

const LEVEL = 0.95;

export const compareCommand = Command.make(
  "compare",
  {
    a: Argument.String("a").pipe(
      Argument.withDescription("What is to be replaced: a store or scores file, FILE or FILE:PROVIDER"),
    ),
    b: Argument.String("b").pipe(Argument.withDescription("The substitute, likewise")),
    input: inputFlag.pipe(
      Flag.optional,
      Flag.withDescription(
        "The texts (PRISM's folder, CSV, JSONL): for bias by length, and ids beside hashes",
      ),
    ),
    textColumn: textColumnFlag,
    language: Flag.String("language").pipe(
      Flag.optional,
      Flag.withDescription("Language that was asked for, where there are several"),
    ),
    attributes: Flag.String("attributes").pipe(
      Flag.optional,
      Flag.withMetavar("A,B"),
      Flag.withDescription("Some of the attributes (default: all that both have)"),
    ),
    bootstrap: Flag.Int("bootstrap").pipe(
      Flag.optional,
      Flag.withMetavar("N"),
      Flag.withDescription("Intervals of the correlations by N resamples (default: by Fisher's z)"),
    ),
    seed: Flag.Int("seed").pipe(Flag.withDefault(1), Flag.withDescription("Of the resamples (default: 1)")),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for compare.json and calibration-ATTRIBUTE.svg"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* attempt(async () => {
      const { bootstrap } = flags;
      if (Option.isSome(bootstrap) && !(bootstrap.value >= 100 && bootstrap.value <= 100_000))
        throw new InputError(`--bootstrap is 100 to 100,000: ${bootstrap.value}`);
      const corpus = Option.isSome(flags.input)
        ? await openCorpus(flags.input.value, { textColumn: flags.textColumn })
        : undefined;
      const byId = corpus === undefined && (await namesById(flags.a)) && (await namesById(flags.b));
      const common = { language: Option.getOrUndefined(flags.language), corpus, byId };
      const a = await openSide({ operand: flags.a, ...common });
      using _a = a.store;
      const b = await openSide({ operand: flags.b, ...common });
      using _b = b.store;
      // equal names would make equal sentences
      const [labelA, labelB] = a.label === b.label ? [flags.a, flags.b] : [a.label, b.label];
      const lengths = new Map<string, number>();
      if (corpus !== undefined)
        for await (const { hash, text } of corpus.texts()) lengths.set(hash, text.length);
      const attributes = compareScores({
        a: { ...a, label: labelA },
        b: { ...b, label: labelB },
        level: LEVEL,
        lengths: corpus && lengths,
        attributes: Option.getOrUndefined(flags.attributes)
          ?.split(",")
          .map((name) => attributeName(name.trim())),
        bootstrap: Option.isSome(bootstrap) ? { resamples: bootstrap.value, seed: flags.seed } : undefined,
      });
      const side = (given: string, { key, label }: typeof a) => ({ given, label, ...key });
      const result = {
        a: { ...side(flags.a, a), label: labelA },
        b: { ...side(flags.b, b), label: labelB },
        level: LEVEL,
        intervals: Option.isSome(bootstrap)
          ? { method: "percentile bootstrap", resamples: bootstrap.value, seed: flags.seed }
          : { method: "Fisher's z" },
        thresholds: THRESHOLDS,
        attributes,
      };
      if (Option.isSome(flags.out)) await writeComparison(flags.out.value, result);
      if (flags.json) console.log(JSON.stringify(result));
      else if (!flags.quiet)
        console.log(describe(attributes, labelA, labelB, Option.getOrUndefined(flags.out)));
    });
  }),
).pipe(
  Command.withDescription(
    "Compares the scores of two providers on the same texts, attribute by attribute: correlations with 95% intervals, mean difference and limits of agreement, calibration, bias by length, and whether B may stand in for A. A and B are FILE or FILE:PROVIDER, each a store or a scores file.",
  ),
  Command.withShortDescription("Whether one provider's scores may stand in for another's"),
  Command.withExamples([
    {
      command:
        "bridgewise scores compare scores.sqlite:perspective scores.sqlite:judge --input prism --out agreement",
      description: "Writes agreement/compare.json and a calibration plot for each attribute",
    },
  ]),
);

/** compare.json last: where it is, the plots are. */
async function writeComparison(
  dir: string,
  result: {
    readonly a: { readonly label: string };
    readonly b: { readonly label: string };
    readonly attributes: readonly AttributeComparison[];
  },
): Promise<void> {
  for (const comparison of result.attributes) {
    // a scores file may name any attribute
    const name = comparison.attribute.replaceAll(/[^A-Za-z0-9_.-]/g, "_");
    await writeText(join(dir, `calibration-${name}.svg`), [
      calibrationSvg(comparison, result.a.label, result.b.label),
    ]);
  }
  await writeText(join(dir, "compare.json"), [`${JSON.stringify(result, null, 2)}\n`]);
}

function describe(
  attributes: readonly AttributeComparison[],
  a: string,
  b: string,
  out: string | undefined,
): string {
  const t = THRESHOLDS;
  const stated = `Asked of a substitute: ${t.texts} texts; at most ${100 * t.missing}% without a score; Spearman's correlation at least ${t.spearman} (lower end of the interval); mean difference at most ${t.difference}, in each tenth by A at most ${t.calibration}, between lengths at most ${t.length}. These are conventions, not laws.`;
  return [
    `A: ${a}   B: ${b}   differences are B - A, intervals 95%`,
    agreementTable(attributes),
    ...attributes.flatMap((comparison) => ["", ...calibrationLines(comparison)]),
    ...lengthLines(attributes),
    "",
    ...attributes.flatMap(({ judgement }) => wrap(judgement.sentence, 100, "  ")),
    "",
    ...wrap(stated, 100),
    ...(out === undefined ? [] : [`Written: ${out}/compare.json and calibration-ATTRIBUTE.svg`]),
  ].join("\n");
}
