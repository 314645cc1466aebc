import { didYouMean, listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/**
 * Indices of the variables that one of the patterns matches, in the variables' order; all of them where there is no pattern. `*` stands
 * for any text and `?` for one character; everything else, brackets included, for itself. A pattern without a match is an InputError.
 */
export function matchVariables(variables: readonly string[], patterns: readonly string[]): number[] {
  if (patterns.length === 0) return [...variables.keys()];
  const tests = patterns.map((pattern) => {
    const test = new RegExp(
      `^${pattern
        .replace(/[\\^$+.()|[\]{}]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "su",
    );
    if (!variables.some((name) => test.test(name)))
      throw new InputError(
        `no variable matches '${pattern}': ${didYouMean(pattern, variables)}there are ${listNames(variables)}`,
      );
    return test;
  });
  return [...variables.keys()].filter((v) => tests.some((test) => test.test(variables[v]!)));
}
