import { brmsName } from "../formula/index.ts";
import { didYouMean, listNames } from "../frame/near-names.ts";
import type { Model, ModelPriors } from "./model.ts";
import type { Prior } from "./prior.ts";
import { type PriorStatement, parsePrior, priorError } from "./prior-syntax.ts";

/** The parameters that priors may name. */
export type Parameters = Pick<Model, "family" | "intercept" | "predictors"> & {
  readonly groups: readonly { readonly name: string }[];
};

/**
 * The defaults, overruled by statements such as `b ~ normal(0, 1)`: one that names a coefficient or a group wins
 * over one for the whole class, and a later one over an earlier. A statement about a parameter that the model does
 * not have is an InputError that lists those it has.
 */
export function assignPriors(
  statements: readonly string[],
  parameters: Parameters,
  defaults: ModelPriors,
): ModelPriors {
  const parsed = statements.map(parsePrior);
  for (const statement of parsed) checkExists(statement, parameters);
  const predictors = parameters.predictors;
  const groups = parameters.groups.map((group) => group.name);
  const whole = (name: string, otherwise: Prior): Prior =>
    parsed.findLast((statement) => statement.class === name && statement.of === undefined)?.prior ??
    otherwise;
  const single = (name: string, of: string, otherwise: Prior): Prior =>
    parsed.findLast((statement) => statement.class === name && targetOf(statement) === of)?.prior ??
    whole(name, otherwise);
  return {
    intercept: whole("Intercept", defaults.intercept),
    thresholds: defaults.thresholds.map((prior) => whole("Intercept", prior)),
    b: predictors.map((name, k) => single("b", name, defaults.b[k]!)),
    sd: groups.map((name, g) => defaults.sd[g]!.map((prior) => single("sd", name, prior))),
    cor: defaults.cor,
    sigma: whole("sigma", defaults.sigma),
    nu: defaults.nu,
    phi: defaults.phi,
  };
}

/** The parameter in brackets; R's spelling of a coefficient, `b[I(x^2)]`, is taken as well as brms's. */
function targetOf(statement: PriorStatement): string | undefined {
  return statement.of !== undefined && statement.class === "b" ? brmsName(statement.of) : statement.of;
}

function checkExists(statement: PriorStatement, parameters: Parameters): void {
  const { text } = statement;
  const { family, intercept, predictors } = parameters;
  if (statement.class === "Intercept" && !intercept)
    throw priorError(text, `the model has no intercept; ${listParameters(parameters)}`);
  if (statement.class === "sigma" && family !== "gaussian")
    throw priorError(text, `a ${family} model has no sigma; ${listParameters(parameters)}`);
  const isB = statement.class === "b";
  if (!isB && statement.class !== "sd") return;
  const kind = isB ? "coefficient" : "group";
  const names = isB ? predictors : parameters.groups.map((group) => group.name);
  if (names.length === 0) throw priorError(text, `the model has no ${kind}s; ${listParameters(parameters)}`);
  const target = targetOf(statement);
  if (target !== undefined && !names.includes(target))
    throw priorError(
      text,
      `the model has no ${kind} '${statement.of}'; ${didYouMean(target, names)}the ${kind}s are ${listNames(names)}`,
    );
}

function listParameters({ family, intercept, predictors, groups }: Parameters): string {
  const names = [
    ...(intercept ? ["Intercept"] : []),
    ...predictors.map((name) => `b[${name}]`),
    ...groups.map(({ name }) => `sd[${name}]`),
    ...(family === "gaussian" ? ["sigma"] : []),
  ];
  return `its parameters are ${listNames(names)}`;
}
