import { didYouMean } from "../frame/near-names.ts";
import type { Prior } from "./prior.ts";
import { type LkjPrior, POSITIVE_KINDS, parseDistribution } from "./prior-distributions.ts";
import { priorError } from "./prior-error.ts";

/** brms's classes of parameters. */
export const PRIOR_CLASSES = ["b", "Intercept", "sd", "cor", "sigma", "nu", "phi"] as const;
export type PriorClass = (typeof PRIOR_CLASSES)[number];
/** Classes of one parameter. */
export const FAMILY_CLASSES = ["sigma", "nu", "phi"] as const;
export type FamilyClass = (typeof FAMILY_CLASSES)[number];

interface Statement {
  readonly text: string;
  /** What stands in brackets: a coefficient of `b`, a threshold of `Intercept`, a group of `sd` or `cor`, `group,coefficient` of `sd`. */
  readonly of?: string;
}
export interface CorrelationStatement extends Statement {
  readonly class: "cor";
  readonly prior: LkjPrior;
}
export interface ParameterStatement extends Statement {
  readonly class: Exclude<PriorClass, "cor">;
  readonly prior: Prior;
}
/** What one line such as `b[x] ~ normal(0, 1)` says. */
export type PriorStatement = CorrelationStatement | ParameterStatement;

const STATEMENT = /^\s*([A-Za-z_]\w*)\s*(?:\[(.*)\])?\s*~\s*([A-Za-z_]\w*)\s*\((.*)\)\s*$/s;

/**
 * Parses `class ~ distribution(numbers)` or `class[name] ~ distribution(numbers)`. Classes: `PRIOR_CLASSES`; distributions:
 * normal(mean, sd), student_t(df, location, scale), cauchy(location, scale), logistic(location, scale),
 * double_exponential(location, scale), flat(); for positive parameters exponential(rate), gamma(shape, rate), inv_gamma(shape, scale),
 * lognormal(meanlog, sdlog); for cor alone lkj(eta).
 */
export function parsePrior(text: string): PriorStatement {
  const parts = STATEMENT.exec(text);
  if (parts === null) throw priorError(text, "write a prior as b ~ normal(0, 1) or sd[group] ~ cauchy(0, 2)");
  const [, name, of, distribution, args] = parts as unknown as [
    string,
    string,
    string | undefined,
    string,
    string,
  ];
  const parsedClass = parseClass(text, name);
  if (of !== undefined && FAMILY_CLASSES.some((known) => known === parsedClass))
    throw priorError(text, `${parsedClass} is one parameter; leave out [${of}]`);
  if (of !== undefined && of.trim() === "") throw priorError(text, `[] names no parameter; leave it out`);
  const prior = parseDistribution(text, distribution, args);
  const rest = { text, ...(of !== undefined && { of: of.trim() }) };
  if (parsedClass === "cor") {
    if (prior.kind !== "lkj") throw priorError(text, "the prior of correlations is lkj(eta)");
    return { ...rest, class: parsedClass, prior };
  }
  if (prior.kind === "lkj")
    throw priorError(text, `lkj() is a prior of correlations (cor); ${parsedClass} needs another`);
  if (POSITIVE_KINDS.has(prior.kind) && (parsedClass === "b" || parsedClass === "Intercept"))
    throw priorError(
      text,
      `${prior.kind}() allows positive values alone, and ${parsedClass} can be negative; use normal() or student_t()`,
    );
  return { ...rest, class: parsedClass, prior };
}

function parseClass(text: string, name: string): PriorClass {
  const found = PRIOR_CLASSES.find((known) => known === name);
  if (found !== undefined) return found;
  const coefficient = /^b_(.+)$/.exec(name)?.[1];
  const [, group, varying] = /^sd_(.+?)(?:__(.+))?$/.exec(name) ?? [];
  const correlated = /^cor_(.+?)(?:__.+)?$/.exec(name)?.[1];
  const hint =
    name === "b_Intercept"
      ? "write Intercept; "
      : coefficient !== undefined
        ? `write b[${coefficient}]; `
        : group !== undefined
          ? `write sd[${group}${varying === undefined || varying === "Intercept" ? "" : `,${varying}`}]; `
          : correlated !== undefined
            ? `write cor[${correlated}]; `
            : didYouMean(name, PRIOR_CLASSES);
  throw priorError(text, `no class '${name}'; ${hint}the classes are ${PRIOR_CLASSES.join(", ")}`);
}
