import { Effect } from "effect";
import { Command } from "effect/cli";
import { attempt } from "../failure.ts";
import { type EngineReport, examineEngines } from "../pipeline/examine-engines.ts";
import { alignColumns } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag } from "./fit-flags.ts";

const WIDTH = 100;

export const doctor = Command.make(
  "doctor",
  { json: jsonFlag },
  Effect.fnUntraced(function* ({ json }) {
    const engines = yield* attempt(examineEngines);
    console.log(json ? JSON.stringify({ node: process.version, engines }) : describeEngines(engines));
  }),
).pipe(
  Command.withDescription(
    "Says which engines can be used here, with versions, device, memory and the gradients per second of a fixed model, and what to do for the rest.",
  ),
  Command.withShortDescription("Which engines can be used here, and how fast they are"),
  Command.withExamples([{ command: "bridgewise doctor", description: "Takes some seconds" }]),
);

/** A table, then a paragraph for each engine that cannot be used; at most 100 columns wide. */
export function describeEngines(engines: readonly EngineReport[]): string {
  const rows = engines.map((e) => [
    `${e.engine}${e.precision === null ? "" : ` ${e.precision}`}`,
    e.usable ? "yes" : "no",
    e.gradientsPerSecond === null ? "-" : Math.round(e.gradientsPerSecond).toLocaleString("en"),
    shorten(e.device ?? "-", 18),
    e.memory === null ? "-" : `${(e.memory / 2 ** 30).toFixed(1)} GB`,
    Object.entries(e.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ") || "-",
  ]);
  const missing = engines.filter((e) => !e.usable);
  return [
    alignColumns([["Engine", "Usable", "Gradients/s", "Device", "Memory", "Versions"], ...rows]),
    "",
    ...wrap(
      "Gradients/s: each of one chain, 4 chains of a bernoulli model with 10,000 rows, 8 predictors and 500 groups, one thread.",
      WIDTH,
    ),
    ...missing.flatMap((e) =>
      wrap(`${e.engine}${e.precision ? ` ${e.precision}` : ""}: ${e.why}; ${e.remedy}`, WIDTH, "  "),
    ),
  ].join("\n");
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
