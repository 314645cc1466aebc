import { formatNumber } from "../formula/index.ts";
import type { Model } from "./model.ts";
import type { Prior } from "./prior.ts";
import type { LkjPrior } from "./prior-distributions.ts";
import { hasFamilyClass } from "./prior-parameters.ts";
import { FAMILY_CLASSES } from "./prior-syntax.ts";
import { sdNames, thresholdCount } from "./variables.ts";

/** The prior as brms writes it: `normal(0, 1e+06)`, `student_t(3, 0, 2.5)`, `flat()`. `parsePrior` reads it back. */
export function formatPrior(prior: Prior | LkjPrior): string {
  switch (prior.kind) {
    case "flat":
      return "flat()";
    case "normal":
      return call("normal", [prior.mean, prior.sd]);
    case "student_t":
      return call("student_t", [prior.df, prior.location, prior.scale]);
    case "cauchy":
      return call("cauchy", [prior.location, prior.scale]);
    case "logistic":
    case "double_exponential":
      return call(prior.kind, [prior.location, prior.scale]);
    case "inv_gamma":
      return call("inv_gamma", [prior.shape, prior.scale]);
    case "lognormal":
      return call("lognormal", [prior.meanLog, prior.sdLog]);
    case "exponential":
      return call("exponential", [prior.rate]);
    case "gamma":
      return call("gamma", [prior.shape, prior.rate]);
    case "lkj":
      return call("lkj", [prior.eta]);
  }
}

/** Each parameter of a model that has a prior, by name (as `describePriors` gives it), with it. */
export function priorsByName(model: Model): [string, Prior | LkjPrior][] {
  const { priors } = model;
  const thresholds = thresholdCount(model);
  const all: [string, Prior | LkjPrior][] = [];
  if (thresholds > 0)
    priors.thresholds.forEach((prior, k) => {
      all.push([`Intercept[${k + 1}]`, prior]);
    });
  else if (model.intercept) all.push(["Intercept", priors.intercept]);
  model.predictors.forEach((name, k) => {
    all.push([`b_${name}`, priors.b[k]!]);
  });
  model.groups.forEach((group, g) => {
    sdNames(group).forEach((name, k) => {
      all.push([name, priors.sd[g]![k]!]);
    });
  });
  model.groups.forEach(({ name, correlated }, g) => {
    if (correlated) all.push([`cor_${name}`, { kind: "lkj", eta: priors.cor[g]! }]);
  });
  for (const name of FAMILY_CLASSES) if (hasFamilyClass(model, name)) all.push([name, priors[name]]);
  return all;
}

/**
 * The prior of every parameter of a model, by name: `Intercept` (of centred predictors) or `Intercept[1]`, …, `b_x`,
 * `sd_user_id__Intercept`, `cor_user_id` (the group's correlation matrix), `sigma`, `nu`, `phi`. Those of sd and sigma are taken at
 * the positive half.
 */
export function describePriors(model: Model): Record<string, string> {
  return Object.fromEntries(priorsByName(model).map(([name, prior]) => [name, formatPrior(prior)]));
}

function call(name: string, args: readonly number[]): string {
  return `${name}(${args.map(formatNumber).join(", ")})`;
}
