import { checkPrismFolder } from "@bridgewise/core/node";
import { Effect } from "effect";
import { Argument, Command } from "effect/cli";
import { attempt, Failed } from "../failure.ts";
import { prismCountTable, prismVerdict, SIMULATED_NOTE } from "../terminal/prism-check.ts";
import { WIDTH } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";

export const prismCheck = Command.make(
  "check",
  {
    dir: Argument.String("dir").pipe(
      Argument.withDescription("Folder with survey, conversations, utterances and metadata.jsonl"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ dir, quiet, json }) {
    yield* attempt(async () => {
      const check = await checkPrismFolder(dir);
      if (json) console.log(JSON.stringify(check));
      else for (const { message } of check.differences) console.log(message);
      if (!quiet && !json) {
        if (!check.agrees) console.log("");
        console.log(`${prismCountTable(check.counts)}\n`);
        if (check.simulated) console.log(wrap(SIMULATED_NOTE, WIDTH).join("\n"));
      }
      const verdict = prismVerdict(dir, check);
      if (!check.agrees) throw new Failed({ message: verdict });
      if (quiet || json) return;
      console.log(verdict);
      console.log(`Next: bridgewise reproduce --prism ${dir} --scores SCORES --out reproduced`);
    });
  }),
).pipe(
  Command.withDescription(
    "Compares PRISM's files with the codebook (columns, types, values), with each other, and with the counts that PRISM and the paper publish; names every difference. Ends with status 1 where there is one.",
  ),
  Command.withShortDescription("PRISM's files against codebook and published counts"),
  Command.withExamples([{ command: "bridgewise prism check prism" }]),
);
