import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import { priorsByName } from "./format-prior.ts";
import type { Model } from "./model.ts";

/** Sampling the prior needs one that integrates to 1: flat priors are an InputError that names them and what to write. */
export function checkProperPriors(model: Model): void {
  const flat = priorsByName(model)
    .filter(([, prior]) => prior.kind === "flat")
    .map(([name]) => name);
  if (flat.length === 0) return;
  const statements = new Set(flat.map(statementFor));
  throw new InputError(
    `the prior cannot be sampled while ${listNames(flat)} ${flat.length === 1 ? "has a flat prior" : "have flat priors"}; give proper ones, such as ${[...statements].join(" and ")}`,
    { file: "prior" },
  );
}

function statementFor(name: string): string {
  if (name.startsWith("b_")) return "'b ~ normal(0, 1)'";
  if (name.startsWith("Intercept")) return "'Intercept ~ normal(0, 5)'";
  return `'${name.startsWith("sd_") ? "sd" : name} ~ exponential(1)'`;
}
