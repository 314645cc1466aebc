import { writeSimulatedPrism } from "@bridgewise/core/node";
import { Effect } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { quietFlag, seedFlag } from "./fit-flags.ts";

/** How much of PRISM is simulated. */
export const scaleFlag = Flag.Finite("scale").pipe(
  Flag.withDefault(1),
  Flag.withDescription("Share of PRISM's users, above 0 and at most 1"),
);

export const simulate = Command.make(
  "simulate",
  {
    from: Flag.Literals("from", ["paper"]).pipe(
      Flag.withDefault("paper"),
      Flag.withDescription("Whose coefficients: those that PAPER published for 1a, 1b, 2 and 3"),
    ),
    out: Flag.String("out").pipe(Flag.withMetavar("DIR"), Flag.withDescription("Folder for the files")),
    seed: seedFlag,
    scale: scaleFlag,
    quiet: quietFlag,
  },
  Effect.fnUntraced(function* ({ out, seed, scale, quiet }) {
    const result = yield* attempt(() => writeSimulatedPrism({ out, seed, scale }));
    if (quiet) return;
    console.log(
      `SIMULATED data in PRISM's format: ${result.conversations.toLocaleString("en")} conversations, ${result.responses.toLocaleString("en")} rated responses`,
    );
    console.log(`Next: bridgewise prism table --prism ${out} --scores ${out}/scores.csv --out ${out}/table`);
  }),
).pipe(
  Command.withDescription(
    "Writes a data set in PRISM's format with PRISM's real nesting, placeholder texts and the published coefficients (SIMULATED.json says which, and what is invented).",
  ),
  Command.withShortDescription("Write a simulated data set with known coefficients"),
  Command.withExamples([
    { command: "bridgewise simulate --from paper --out prism-sim --seed 7", description: "Full size" },
  ]),
);
