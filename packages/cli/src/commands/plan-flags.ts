import { availableParallelism } from "node:os";
import { InputError } from "@bridgewise/core";
import { Option } from "effect";
import { Flag } from "effect/cli";
import { seedDescription } from "./fit-flags.ts";
import { namesOf } from "./run-flags.ts";

/** Flags of the commands that run a plan. */
export const planRunFlags = {
  only: Flag.String("only").pipe(
    Flag.optional,
    Flag.withMetavar("1a,2"),
    Flag.withDescription("Only these analyses or fits of the plan, by their ids, and what they vary"),
  ),
  threads: Flag.Int("threads").pipe(
    Flag.optional,
    Flag.withDescription("Fits at once, one thread each (default: as many as there are processors)"),
  ),
  sensitivity: Flag.Boolean("sensitivity").pipe(
    Flag.withDefault(false),
    Flag.withDescription("The plan's sensitivity fits as well: other priors, levels left out, noise"),
  ),
  seed: Flag.Int("seed").pipe(
    Flag.optional,
    Flag.withDescription(`Of all fits, in place of the plan's. ${seedDescription}`),
  ),
  restart: Flag.Boolean("restart").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Begin anew the fits that were left unfinished, as by another version"),
  ),
};

export const onlyOf = (only: Option.Option<string>): string[] | undefined =>
  Option.getOrUndefined(Option.map(only, (text) => namesOf("--only", text)));

export function threadsOf(threads: Option.Option<number>): number {
  const count = Option.getOrElse(threads, availableParallelism);
  if (count < 1) throw new InputError(`--threads must be at least 1: ${count}`);
  return count;
}

/** The command that a person typed, for messages that say how to go on: what was begun anew is not to be once more. */
export const commandTyped = (): string =>
  [
    "bridgewise",
    ...process.argv
      .slice(2)
      .filter((word) => word !== "--restart")
      .map((word) => (/^[\w./:=,@+-]+$/.test(word) ? word : `'${word}'`)),
  ].join(" ");
