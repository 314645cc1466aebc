import type { SimulatedMark } from "./files.ts";

/** What decides whether true values hold in a model. */
export interface ModelNames {
  readonly response: string;
  /** Names of the coefficients without `b_` and without the intercept: `CURIOSITY`, `younger:CURIOSITY`. */
  readonly predictors: readonly string[];
  /** Names of the grouping factors: `user_id`, `user_id:conversation_id`. */
  readonly groups: readonly string[];
}

/**
 * True values by the model's own names, of the parameters that it has; null where none is known. They hold only in a model that has
 * every term which the data were drawn with: leave one out, and the others' coefficients take over some of it. Terms beside those,
 * whose true coefficient is 0, do no harm.
 */
export function truthFor(
  mark: Partial<Pick<SimulatedMark, "truth" | "moderated">>,
  { response, predictors, groups }: ModelNames,
): Readonly<Record<string, number>> | null {
  const names = new Map(predictors.map((name) => [sortParts(name), name]));
  const all: Readonly<Record<string, Readonly<Record<string, number>> | undefined>> = mark.truth ?? {};
  const moderated: typeof all = mark.moderated ?? {};
  // Beside a rater's own slopes, those of all raters hold in a model without the groups' interactions only.
  const isModerated = Object.entries(moderated[response] ?? {}).some(
    ([name, value]) => value !== 0 && name.includes(":") && names.has(sortParts(name.slice("b_".length))),
  );
  const truths = [moderated[response], isModerated ? undefined : all[response]].filter(
    (truth) => truth !== undefined,
  );
  for (const truth of truths) {
    const found = Object.entries(truth).flatMap(([name, value]): [string, number][] => {
      const [, term] = /^b_(.*)$/.exec(name) ?? [];
      if (term === undefined || term === "Intercept") return isThere(name, groups) ? [[name, value]] : [];
      const own = names.get(sortParts(term));
      return own === undefined ? [] : [[`b_${own}`, value]];
    });
    const needed = Object.entries(truth).filter(([, value]) => value !== 0).length;
    if (found.filter(([, value]) => value !== 0).length === needed) return Object.fromEntries(found);
  }
  return null;
}

/** `b:a` and `a:b` are one. */
function sortParts(term: string): string {
  return term.split(":").sort().join(":");
}

/** The intercept and sigma are, an sd is where its group is. */
function isThere(name: string, groups: readonly string[]): boolean {
  const [, group] = /^sd_(.*)__Intercept$/.exec(name) ?? [];
  return group === undefined || groups.includes(group);
}
