import { InputError } from "@bridgewise/core";
import { Option as O, type Option } from "effect";
import { Flag } from "effect/cli";
import type { FitResult } from "../pipeline/fit.ts";
import { PROGRESS, type ProgressStyle } from "../terminal/progress.ts";

/** Flags that every command with long work shares. */
export const quietFlag = Flag.Boolean("quiet").pipe(
  Flag.withDefault(false),
  Flag.withDescription("No progress and no table"),
);
export const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the result as JSON, nothing else"),
);
export const progressFlag = Flag.Literals("progress", PROGRESS).pipe(
  Flag.optional,
  Flag.withDescription(
    "On stderr: a line (auto), plain lines, JSON lines, none (default: auto, none with --json)",
  ),
);
export const threadsFlag = Flag.Int("threads").pipe(
  Flag.optional,
  Flag.withDescription("Worker threads (default: as many as there are processors and pairs of chains)"),
);
export const seedDescription = "Same seed, same draws, whatever the threads";
export const seedFlag = Flag.Int("seed").pipe(Flag.withDefault(1), Flag.withDescription(seedDescription));

export function progressStyle(flags: {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly progress: Option.Option<ProgressStyle>;
}): ProgressStyle {
  return O.getOrElse(flags.progress, () => (flags.quiet || flags.json ? "none" : "auto"));
}

/** Prints a result as the flags ask for it. */
export function printResult<R extends Pick<FitResult, "summary">>(
  result: R,
  flags: { readonly quiet: boolean; readonly json: boolean },
  describe: (result: R) => string,
): void {
  if (flags.json) console.log(JSON.stringify(result.summary));
  else if (!flags.quiet) console.log(describe(result));
}

/** `--flag A=B` as its two parts. */
export function pair(flag: string, text: string, form: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InputError(`${flag} has the form ${form}: '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}
