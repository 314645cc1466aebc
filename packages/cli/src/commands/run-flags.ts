import { InputError } from "@bridgewise/core";
import { Argument, Flag } from "effect/cli";

/** Flags of the commands that read a finished run together with its data. */
export const runArgument = Argument.String("run").pipe(Argument.withDescription("Run folder"));
export const dataFlag = Flag.String("data").pipe(
  Flag.optional,
  Flag.withMetavar("FILE.csv"),
  Flag.withDescription("The fit's data file, if it was moved"),
);
export const ndrawsFlag = Flag.Int("ndraws").pipe(
  Flag.optional,
  Flag.withDescription("Use only so many draws, spread evenly over all of them (default: all)"),
);

/** `a,b` as its names; an empty one is an InputError. */
export function namesOf(flag: string, text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InputError(`${flag} is a list of names with commas between: '${text}'`);
  return names;
}
