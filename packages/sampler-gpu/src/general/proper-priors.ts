import { familyOf, InputError, interceptNames, type Model, type Prior, sdNames } from "@bridgewise/core";

/** InputError where the rows count for nothing and a prior is flat, so that there is nothing to sample from. */
export function requireProperPriors(model: Model): void {
  const { priors, predictors, groups, family } = model;
  const named: [string, Prior][] = [
    ...interceptNames(model).map((name, k): [string, Prior] => [
      name,
      priors.thresholds[k] ?? priors.intercept,
    ]),
    ...predictors.map((name, k): [string, Prior] => [`b_${name}`, priors.b[k]!]),
    ...groups.flatMap((group, t) =>
      sdNames(group).map((name, k): [string, Prior] => [name, priors.sd[t]![k]!]),
    ),
    ...familyOf(family).parameters.map((name): [string, Prior] => [name, priors[name]]),
  ];
  const flat = named.flatMap(([name, { kind }]) => (kind === "flat" ? [name] : []));
  if (flat.length === 0) return;
  const few = flat.slice(0, 5).join(", ") + (flat.length > 5 ? ` and ${flat.length - 5} more` : "");
  throw new InputError(
    `the prior alone cannot be sampled: the ${flat.length === 1 ? "prior" : "priors"} of ${few} ${flat.length === 1 ? "is flat; give it a proper one" : "are flat; give them proper ones"}, such as normal(0, 1)`,
  );
}
