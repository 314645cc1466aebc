import { formatNumber } from "../formula/index.ts";
import type { Model } from "./model.ts";
import type { Prior } from "./prior.ts";

/** The prior as brms writes it: `normal(0, 1e+06)`, `student_t(3, 0, 2.5)`, `flat()`. `parsePrior` reads it back. */
export function formatPrior(prior: Prior): string {
  switch (prior.kind) {
    case "flat":
      return "flat()";
    case "normal":
      return call("normal", [prior.mean, prior.sd]);
    case "student_t":
      return call("student_t", [prior.df, prior.location, prior.scale]);
    case "cauchy":
      return call("cauchy", [prior.location, prior.scale]);
    case "exponential":
      return call("exponential", [prior.rate]);
    case "gamma":
      return call("gamma", [prior.shape, prior.rate]);
  }
}

/**
 * The prior of every parameter of a model, by name: `Intercept` (of centred predictors), `b_x`,
 * `sd_user_id__Intercept`, `sigma`. Those of sd and sigma are taken at the positive half.
 */
export function describePriors(model: Model): Record<string, string> {
  const { priors } = model;
  const all: [string, Prior][] = [];
  if (model.intercept) all.push(["Intercept", priors.intercept]);
  model.predictors.forEach((name, k) => {
    all.push([`b_${name}`, priors.b[k]!]);
  });
  model.groups.forEach(({ name, coefficients }, g) => {
    coefficients.forEach((coefficient, k) => {
      all.push([`sd_${name}__${coefficient}`, priors.sd[g]![k]!]);
    });
  });
  if (model.family === "gaussian") all.push(["sigma", priors.sigma]);
  return Object.fromEntries(all.map(([name, prior]) => [name, formatPrior(prior)]));
}

function call(name: string, args: readonly number[]): string {
  return `${name}(${args.map(formatNumber).join(", ")})`;
}
