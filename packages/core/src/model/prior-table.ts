import { type PriorPlace, placeStatements, rulingStatement } from "./assign-priors.ts";
import { defaultPriors } from "./default-priors.ts";
import { formatPrior } from "./format-prior.ts";
import type { Model, ModelPriors } from "./model.ts";
import type { Prior } from "./prior.ts";
import type { LkjPrior } from "./prior-distributions.ts";
import { hasFamilyClass } from "./prior-parameters.ts";
import { FAMILY_CLASSES, type PriorClass } from "./prior-syntax.ts";
import { thresholdCount } from "./variables.ts";

/** A row of brms's table of priors; empty texts where a column says nothing. */
export interface PriorRow {
  /** `student_t(3, 0, 2.5)`; `(flat)` where every value is as likely. */
  readonly prior: string;
  readonly class: PriorClass;
  /** A coefficient, or the number of a threshold. */
  readonly coef: string;
  readonly group: string;
  /** Of models that are not there yet: several responses, predicted family parameters, non-linear ones. */
  readonly resp: "";
  readonly dpar: "";
  readonly nlpar: "";
  /** Lower and upper bound of the parameters. */
  readonly lb: string;
  readonly ub: string;
  /** `user` where a statement gave it; `(vectorized)` where it comes from a row above. */
  readonly source: "default" | "user" | "(vectorized)";
}

/** Lower bounds by class. */
const LOWER: Readonly<Partial<Record<PriorClass, string>>> = { sd: "0", sigma: "0", nu: "1", phi: "0" };

/**
 * The table that brms 2.18 prints for the model's priors (`get_prior`, or `validate_prior` with the statements): a row for each class,
 * group and coefficient that a statement could name. Sorted as there in the C locale: by class, group, coefficient.
 */
export function priorTable(model: Model, statements: readonly string[] = []): PriorRow[] {
  const placed = placeStatements(statements, model);
  const defaults = defaultsOf(model);
  return placesOf(model, defaults)
    .sort((a, b) => compare(a.class, b.class) || compare(a.group, b.group) || compare(a.coef, b.coef))
    .map(({ class: name, coef, group, otherwise }) => {
      const own = rulingStatement(placed, name, [[coef, group]]);
      const ruling = own ?? rulingStatement(placed, name, wider(coef, group));
      const prior = ruling?.statement.prior ?? otherwise;
      return {
        prior: prior.kind === "flat" ? "(flat)" : formatPrior(prior),
        ...{ class: name, coef, group, resp: "", dpar: "", nlpar: "" },
        lb: LOWER[name] ?? "",
        ub: "",
        source: own !== undefined ? "user" : coef === "" && group === "" ? "default" : "(vectorized)",
      };
    });
}

interface Place {
  readonly class: PriorClass;
  readonly coef: string;
  readonly group: string;
  /** The prior without statements. */
  readonly otherwise: Prior | LkjPrior;
}

function placesOf(model: Model, defaults: ModelPriors): Place[] {
  const { intercept, predictors, groups } = model;
  const places: Place[] = [];
  const add = (name: PriorClass, coef: string, group: string, otherwise: Prior | LkjPrior): void => {
    const there = places.some((p) => p.class === name && p.coef === coef && p.group === group);
    if (!there) places.push({ class: name, coef, group, otherwise });
  };
  const thresholds = thresholdCount(model);
  const centre = thresholds > 0 ? defaults.thresholds[0]! : defaults.intercept;
  if (intercept) add("Intercept", "", "", centre);
  for (let k = 1; k <= thresholds; k++) add("Intercept", String(k), "", centre);
  for (const coef of predictors.length > 0 ? ["", ...predictors] : []) add("b", coef, "", { kind: "flat" });
  groups.forEach(({ name, coefficients, correlated }, g) => {
    const sd = defaults.sd[g]![0]!;
    add("sd", "", "", sd);
    for (const coef of ["", ...coefficients]) add("sd", coef, name, sd);
    if (correlated) for (const group of ["", name]) add("cor", "", group, { kind: "lkj", eta: 1 });
  });
  for (const name of FAMILY_CLASSES) if (hasFamilyClass(model, name)) add(name, "", "", defaults[name]);
  return places;
}

/** What rules a place that has no statement of its own, nearest first. */
function wider(coef: string, group: string): PriorPlace[] {
  return [...(coef !== "" && group !== "" ? [["", group] as const] : []), ["", ""]];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The model's priors had nothing been said of them. */
function defaultsOf(model: Model): ModelPriors {
  const { family, y, offset, intercept, predictors, groups } = model;
  return defaultPriors({
    ...{ family, y, intercept, groups },
    ...(offset !== undefined && { offset }),
    predictors: predictors.length,
    thresholds: thresholdCount(model),
  });
}
