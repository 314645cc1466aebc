import {
  type DrawColumns,
  effectNames,
  type GroupTerm,
  InputError,
  LinearPredictor,
  type Model,
  sdNames,
} from "@bridgewise/core";
import { findParents } from "../problem.ts";
import { seedFrom } from "../random/philox.ts";
import { drawJointly, MOST_JOINT_LEVELS } from "./joint-effects.ts";
import { drawTree } from "./tree-effects.ts";

export interface ConditionalEffectsOptions {
  /** The fit's seed: the same fit gives the same effects. */
  readonly seed: number;
  readonly chains: number;
  /** Where the effects are kept; default plain memory. */
  readonly allocate?: (length: number) => Float64Array;
}

/**
 * Group effects that a gaussian run did not keep, drawn from their exact conditional distribution given all that it kept: the draws' columns
 * with these effects added. The terms left out must have an intercept alone. Those that are nested in one another (`user`,
 * `user:conversation`) are drawn as a tree, whatever their size; crossed ones by a dense joint normal where they are small. Anything else is an
 * InputError that says how to fit with the effects kept. Memory: effects x draws.
 */
export function conditionalEffects(
  model: Model,
  columns: DrawColumns,
  { seed, chains, allocate = (length) => new Float64Array(length) }: ConditionalEffectsOptions,
): DrawColumns {
  const missing = model.groups.filter((group) => columns.column(effectNames(group)[0]!) === undefined);
  if (missing.length === 0) return columns;
  checkMissing(model, missing);
  const { draws } = columns;
  const scale = (name: string): Float64Array => {
    const found = columns.column(name);
    if (found === undefined) throw notKept(missing, `the draws hold no '${name}' either`);
    return found;
  };
  const inverseVariance = scale("sigma").map((value) => 1 / value ** 2);
  const chain = chainOf(missing);
  const terms = (chain ?? missing.map((term) => ({ term, parentOf: undefined }))).map(
    ({ term, parentOf }) => ({
      term,
      levels: term.levels.length,
      index: term.index,
      parentOf,
      variance: scale(sdNames(term)[0]!).map((value) => value ** 2),
      effects: allocate(term.levels.length * draws),
    }),
  );
  const key = seedFrom(seed);
  if (chain === undefined) {
    sumResiduals(model, columns, missing, terms, inverseVariance);
    drawJointly(terms, inverseVariance, key, chains);
  } else {
    const last = terms.at(-1)!;
    sumResiduals(model, columns, missing, [last], inverseVariance);
    const rowsOf = new Int32Array(last.levels);
    for (const level of last.index) rowsOf[level]!++;
    drawTree(terms, rowsOf, inverseVariance, key, chains);
  }
  const added = new Map<string, Float64Array>();
  for (const { term, effects } of terms)
    effectNames(term).forEach((name, j) => {
      added.set(name, effects.subarray(j * draws, (j + 1) * draws));
    });
  return { draws, column: (name) => added.get(name) ?? columns.column(name) };
}

/** What can be drawn, or an InputError. */
function checkMissing(model: Model, missing: readonly GroupTerm[]): void {
  if (model.family !== "gaussian")
    throw notKept(missing, "they can be drawn afterwards for family gaussian alone");
  const slopes = missing.find(
    ({ coefficients }) => coefficients.length !== 1 || coefficients[0] !== "Intercept",
  );
  if (slopes !== undefined)
    throw notKept(missing, `'${slopes.name}' has slopes, so its effects cannot be drawn afterwards`);
  const levels = missing.reduce((sum, group) => sum + group.levels.length, 0);
  if (chainOf(missing) === undefined && levels > MOST_JOINT_LEVELS)
    throw notKept(
      missing,
      `these are crossed and too many to be drawn afterwards (at most ${MOST_JOINT_LEVELS})`,
    );
}

/** Terms that are nested in one another, from the root down; undefined where some are crossed. */
function chainOf(
  missing: readonly GroupTerm[],
): { term: GroupTerm; parentOf: Int32Array | undefined }[] | undefined {
  const found = findParents(missing.map(({ levels, index }) => ({ levels: levels.length, index })));
  const chain: { term: GroupTerm; parentOf: Int32Array | undefined }[] = [];
  for (let at = found.findIndex(({ parent }) => parent < 0); at >= 0; ) {
    const above = at;
    chain.push({ term: missing[at]!, parentOf: found[at]!.parentOf });
    at = found.findIndex(({ parent }) => parent === above);
  }
  return chain.length < missing.length ? undefined : chain;
}

function notKept(missing: readonly GroupTerm[], why: string): InputError {
  const names = missing.map(({ name, levels }) => `'${name}' (${levels.length.toLocaleString("en")} levels)`);
  return new InputError(
    `the run kept no effects of ${names.join(" and ")}, and ${why}; fit again with --effects all, which keeps every group's effects`,
    { file: "draws" },
  );
}

/** Sums the residuals of each level's rows, weighted by 1 / sigma^2, into the terms' effects. */
function sumResiduals(
  model: Model,
  columns: DrawColumns,
  missing: readonly GroupTerm[],
  terms: readonly { readonly index: Int32Array; readonly effects: Float64Array }[],
  inverseVariance: Float64Array,
): void {
  const { draws } = columns;
  const kept = model.groups.filter((group) => !missing.includes(group));
  const predictor = new LinearPredictor(model, columns, model, kept);
  const eta = new Float64Array(draws);
  for (let row = 0; row < model.rows; row++) {
    predictor.row(row, eta);
    const y = model.y[row]!;
    for (const { index, effects } of terms) {
      const at = index[row]! * draws;
      for (let s = 0; s < draws; s++) effects[at + s]! += (y - eta[s]!) * inverseVariance[s]!;
    }
  }
}
