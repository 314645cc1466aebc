import { familyOf } from "../family/index.ts";
import { brmsName } from "../formula/index.ts";
import { didYouMean, listNames } from "../frame/near-names.ts";
import type { GroupTerm, Model } from "./model.ts";
import { priorError } from "./prior-error.ts";
import { FAMILY_CLASSES, type FamilyClass, type PriorStatement } from "./prior-syntax.ts";
import { thresholdCount } from "./variables.ts";

/** The parameters that priors may name. */
export type PriorParameters = Pick<Model, "family" | "intercept" | "predictors" | "categories"> & {
  readonly groups: readonly Pick<GroupTerm, "name" | "coefficients" | "correlated">[];
};

/** A statement about parameters that the model has: its place in brms's table of priors, empty texts where it names nothing. */
export interface PlacedStatement {
  readonly statement: PriorStatement;
  /** A coefficient, or the number of a threshold. */
  readonly coef: string;
  readonly group: string;
}

/** What the model has to which a statement applies. Anything else is an InputError that lists what there is. */
export function placeStatement(statement: PriorStatement, parameters: PriorParameters): PlacedStatement {
  const { text, of } = statement;
  const { family, intercept, predictors, groups } = parameters;
  const absent = (what: string): Error => priorError(text, `${what}; ${listParameters(parameters)}`);
  const among: Choice = (kind, name, names, where = "") => {
    if (names.includes(name)) return name;
    throw priorError(
      text,
      `the model has no ${kind} '${name}'${where}; ${didYouMean(name, names)}the ${kind}s${where} are ${listNames(names)}`,
    );
  };
  switch (statement.class) {
    case "b": {
      if (predictors.length === 0) throw absent("the model has no coefficients");
      // R's spelling of a coefficient, `b[I(x^2)]`, is taken as well as brms's
      if (of === undefined) return { statement, coef: "", group: "" };
      const coef = predictors.includes(brmsName(of)) ? brmsName(of) : among("coefficient", of, predictors);
      return { statement, coef, group: "" };
    }
    case "Intercept": {
      if (!intercept) throw absent("the model has no intercept");
      if (of === undefined) return { statement, coef: "", group: "" };
      const numbers = Array.from({ length: thresholdCount(parameters) }, (_, k) => String(k + 1));
      if (numbers.length === 0) throw priorError(text, `Intercept is one parameter; leave out [${of}]`);
      return { statement, coef: among("threshold", of, numbers), group: "" };
    }
    case "sd": {
      if (groups.length === 0) throw absent("the model has no groups");
      return { statement, ...(of === undefined ? { coef: "", group: "" } : sdPlace(of, groups, among)) };
    }
    case "cor": {
      const names = groups.filter(({ correlated }) => correlated).map(({ name }) => name);
      if (names.length === 0) throw absent("the model has no correlations");
      return { statement, coef: "", group: of === undefined ? "" : among("correlated group", of, names) };
    }
    default:
      if (!hasFamilyClass(parameters, statement.class))
        throw absent(`a ${family} model has no ${statement.class}`);
      return { statement, coef: "", group: "" };
  }
}

/** One of several names, or an InputError that lists them: `kind`s there are, `where`. */
type Choice = (kind: string, name: string, names: readonly string[], where?: string) => string;

/** `group` or `group,coefficient` */
function sdPlace(
  of: string,
  groups: PriorParameters["groups"],
  among: Choice,
): Pick<PlacedStatement, "coef" | "group"> {
  const names = groups.map(({ name }) => name);
  const comma = of.lastIndexOf(",");
  if (comma < 0 || names.includes(of)) return { coef: "", group: among("group", of, names) };
  const group = among("group", of.slice(0, comma).trim(), names);
  const coefficients = groups.filter(({ name }) => name === group).flatMap((term) => term.coefficients);
  const wanted = of.slice(comma + 1).trim();
  const coef = coefficients.includes(brmsName(wanted)) ? brmsName(wanted) : wanted;
  return { group, coef: among("coefficient", coef, coefficients, ` in ${group}`) };
}

export function hasFamilyClass({ family }: Pick<Model, "family">, name: FamilyClass): boolean {
  return familyOf(family).parameters.includes(name);
}

function listParameters(parameters: PriorParameters): string {
  const { intercept, predictors, groups } = parameters;
  const thresholds = thresholdCount(parameters);
  const names = [
    ...(thresholds > 0
      ? Array.from({ length: thresholds }, (_, k) => `Intercept[${k + 1}]`)
      : intercept
        ? ["Intercept"]
        : []),
    ...predictors.map((name) => `b[${name}]`),
    ...groups.flatMap(({ name, coefficients }) =>
      coefficients.length === 1 && coefficients[0] === "Intercept"
        ? [`sd[${name}]`]
        : coefficients.map((coefficient) => `sd[${name},${coefficient}]`),
    ),
    ...groups.filter(({ correlated }) => correlated).map(({ name }) => `cor[${name}]`),
    ...FAMILY_CLASSES.filter((name) => hasFamilyClass(parameters, name)),
  ];
  return `its parameters are ${listNames(names)}`;
}
