/** What brms 2.18's `rename` takes out of or puts into coefficient names, in its order. */
const REPLACEMENTS: readonly (readonly [string, string])[] = [
  ...[" ", "(", ")", "[", "]", ",", '"', "'", "?", "`"].map((mark) => [mark, ""] as const),
  ["+", "P"],
  ["-", "M"],
  ["*", "MU"],
  ["/", "D"],
  ["^", "E"],
  ["=", "EQ"],
];

/**
 * brms's spelling of a name of R's `model.matrix`: `I(x^2)` is `IxE2`, `factor(age)2` is `factorage2`, `a:b` stays.
 * (Backticks, which brms keeps, go as well.)
 */
export function brmsName(name: string): string {
  return REPLACEMENTS.reduce((text, [mark, replacement]) => text.replaceAll(mark, replacement), name);
}
