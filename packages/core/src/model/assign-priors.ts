import type { ModelPriors } from "./model.ts";
import type { Prior } from "./prior.ts";
import type { LkjPrior } from "./prior-distributions.ts";
import { type PlacedStatement, type PriorParameters, placeStatement } from "./prior-parameters.ts";
import { type PriorClass, parsePrior } from "./prior-syntax.ts";

/** A place in brms's table of priors, from the general (a class alone) to the specific. */
export type PriorPlace = readonly [coef: string, group: string];

/**
 * The defaults, overruled by statements such as `b ~ normal(0, 1)`: one that names a coefficient wins over one for its group, that
 * over one for the whole class, and a later one over an earlier. A statement about a parameter that the model does not have is an
 * InputError that lists those it has.
 */
export function assignPriors(
  statements: readonly string[],
  parameters: PriorParameters,
  defaults: ModelPriors,
): ModelPriors {
  const placed = placeStatements(statements, parameters);
  const univariate = (name: PriorClass, otherwise: Prior, ...places: readonly PriorPlace[]): Prior =>
    (rulingStatement(placed, name, places)?.statement.prior as Prior | undefined) ?? otherwise;
  const { predictors, groups } = parameters;
  return {
    intercept: univariate("Intercept", defaults.intercept, ["", ""]),
    thresholds: defaults.thresholds.map((prior, k) =>
      univariate("Intercept", prior, [String(k + 1), ""], ["", ""]),
    ),
    b: predictors.map((name, k) => univariate("b", defaults.b[k]!, [name, ""], ["", ""])),
    sd: groups.map(({ name, coefficients }, g) =>
      coefficients.map((coefficient, k) =>
        univariate("sd", defaults.sd[g]![k]!, [coefficient, name], ["", name], ["", ""]),
      ),
    ),
    cor: groups.map(({ name }, g) => {
      const ruling = rulingStatement(placed, "cor", [
        ["", name],
        ["", ""],
      ]);
      return (ruling?.statement.prior as LkjPrior | undefined)?.eta ?? defaults.cor[g]!;
    }),
    sigma: univariate("sigma", defaults.sigma, ["", ""]),
    nu: univariate("nu", defaults.nu, ["", ""]),
    phi: univariate("phi", defaults.phi, ["", ""]),
  };
}

/** Parses statements and finds what they apply to. */
export const placeStatements = (
  statements: readonly string[],
  parameters: PriorParameters,
): PlacedStatement[] => statements.map((text) => placeStatement(parsePrior(text), parameters));

/** The last statement at the first of these places that has one. */
export function rulingStatement(
  placed: readonly PlacedStatement[],
  name: PriorClass,
  places: readonly PriorPlace[],
): PlacedStatement | undefined {
  for (const [coef, group] of places) {
    const found = placed.findLast(
      (candidate) =>
        candidate.statement.class === name && candidate.coef === coef && candidate.group === group,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
