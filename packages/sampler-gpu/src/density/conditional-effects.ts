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
import { fillNormals, STREAM, seedFrom } from "../random/philox.ts";

export interface ConditionalEffectsOptions {
  /** The fit's seed: the same fit gives the same effects. */
  readonly seed: number;
  readonly chains: number;
  /** Where the effects are kept; default plain memory. */
  readonly allocate?: (length: number) => Float64Array;
}

/** A missing term in its chain, root first: T and I are sums of what lies below, as functions of the draw. */
interface ChainTerm {
  readonly term: GroupTerm;
  /** [levels] level of the term above, undefined at the root. */
  readonly parentOf: Int32Array | undefined;
  /** [draws] variance of the effects. */
  readonly variance: Float64Array;
  /** [levels][draws] weighted sums of residuals, then the effects. */
  readonly effects: Float64Array;
  /** [levels][draws] information, of terms that have others below them. */
  readonly information: Float64Array | undefined;
}

/**
 * Group effects that a gaussian run did not keep, drawn from their exact conditional distribution given all that it kept: the draws' columns
 * with these effects added. The terms left out must have an intercept alone, and be nested in one another (`user`, `user:conversation`):
 * then they are a tree, messages of information and weighted residuals go up it and draws come down. Given the sum a of the effects
 * above it, an effect with information I and weighted residuals T has precision I + 1 / tau^2 and mean (T - I a) / (I + 1 / tau^2); integrated
 * out, it passes I / (1 + I tau^2) and T / (1 + I tau^2) on (Rue & Held 2005, Gaussian Markov Random Fields, section 2.3; DESIGN 4.2's
 * formulas are those of two terms). Anything else is an InputError that says how to fit with the effects kept. Memory: effects x draws.
 */
export function conditionalEffects(
  model: Model,
  columns: DrawColumns,
  { seed, chains, allocate = (length) => new Float64Array(length) }: ConditionalEffectsOptions,
): DrawColumns {
  const missing = model.groups.filter((group) => columns.column(effectNames(group)[0]!) === undefined);
  if (missing.length === 0) return columns;
  const chain = chainOf(model, missing);
  const { draws } = columns;
  const sigma = columns.column("sigma");
  if (sigma === undefined) throw notKept(missing, "the draws hold no 'sigma' either");
  const inverseVariance = sigma.map((value) => 1 / value ** 2);
  const terms = chain.map(({ term, parentOf }, depth): ChainTerm => {
    const sd = columns.column(sdNames(term)[0]!);
    if (sd === undefined) throw notKept(missing, `the draws hold no '${sdNames(term)[0]}' either`);
    const size = term.levels.length * draws;
    return {
      term,
      parentOf,
      variance: sd.map((value) => value ** 2),
      effects: allocate(size),
      information: depth < chain.length - 1 ? new Float64Array(size) : undefined,
    };
  });
  const leaf = terms.at(-1)!;
  const rowsOf = sumResiduals(model, columns, missing, leaf, inverseVariance);
  passUp(terms, rowsOf, inverseVariance);
  drawDown(terms, rowsOf, inverseVariance, seed, chains);

  const added = new Map<string, Float64Array>();
  for (const { term, effects } of terms)
    effectNames(term).forEach((name, j) => {
      added.set(name, effects.subarray(j * draws, (j + 1) * draws));
    });
  return { draws, column: (name) => added.get(name) ?? columns.column(name) };
}

/** The missing terms from the root down. */
function chainOf(
  model: Model,
  missing: readonly GroupTerm[],
): { term: GroupTerm; parentOf: Int32Array | undefined }[] {
  if (model.family !== "gaussian")
    throw notKept(missing, "they can be drawn afterwards for family gaussian alone");
  const slopes = missing.find(
    ({ coefficients }) => coefficients.length !== 1 || coefficients[0] !== "Intercept",
  );
  if (slopes !== undefined)
    throw notKept(missing, `'${slopes.name}' has slopes, so its effects cannot be drawn afterwards`);
  const found = findParents(missing.map(({ levels, index }) => ({ levels: levels.length, index })));
  const chain: { term: GroupTerm; parentOf: Int32Array | undefined }[] = [];
  for (let at = found.findIndex(({ parent }) => parent < 0); at >= 0; ) {
    const above = at;
    chain.push({ term: missing[at]!, parentOf: found[at]!.parentOf });
    at = found.findIndex(({ parent }) => parent === above);
  }
  if (chain.length < missing.length)
    throw notKept(missing, "they are crossed, so they cannot be drawn one after the other");
  return chain;
}

function notKept(missing: readonly GroupTerm[], why: string): InputError {
  const names = missing.map(({ name, levels }) => `'${name}' (${levels.length.toLocaleString("en")} levels)`);
  return new InputError(
    `the run kept no effects of ${names.join(" and ")}, and ${why}; fit again with --effects all, which keeps every group's effects`,
    { file: "draws" },
  );
}

/** Sums residuals of the rows of each of the leaf's levels, weighted by 1 / sigma^2, into its effects; rows of each level. */
function sumResiduals(
  model: Model,
  columns: DrawColumns,
  missing: readonly GroupTerm[],
  { term, effects }: ChainTerm,
  inverseVariance: Float64Array,
): Int32Array {
  const { draws } = columns;
  const kept = model.groups.filter((group) => !missing.includes(group));
  const predictor = new LinearPredictor(model, columns, model, kept);
  const eta = new Float64Array(draws);
  const rowsOf = new Int32Array(term.levels.length);
  for (let row = 0; row < model.rows; row++) {
    predictor.row(row, eta);
    const level = term.index[row]!;
    const at = level * draws;
    const y = model.y[row]!;
    for (let s = 0; s < draws; s++) effects[at + s]! += (y - eta[s]!) * inverseVariance[s]!;
    rowsOf[level]!++;
  }
  return rowsOf;
}

/** Information of a level in a draw: of the leaf its rows', of others what came up. */
const informationOf = (
  { information }: ChainTerm,
  at: number,
  rows: number,
  inverseVariance: number,
): number => (information === undefined ? rows * inverseVariance : information[at]!);

function passUp(terms: readonly ChainTerm[], rowsOf: Int32Array, inverseVariance: Float64Array): void {
  const draws = inverseVariance.length;
  for (let depth = terms.length - 1; depth > 0; depth--) {
    const own = terms[depth]!;
    const above = terms[depth - 1]!;
    own.term.levels.forEach((_, j) => {
      const to = own.parentOf![j]! * draws;
      for (let s = 0, at = j * draws; s < draws; s++, at++) {
        const information = informationOf(own, at, rowsOf[j]!, inverseVariance[s]!);
        const share = 1 / (1 + information * own.variance[s]!);
        above.effects[to + s]! += share * own.effects[at]!;
        above.information![to + s]! += share * information;
      }
    });
  }
}

function drawDown(
  terms: readonly ChainTerm[],
  rowsOf: Int32Array,
  inverseVariance: Float64Array,
  seed: number,
  chains: number,
): void {
  const draws = inverseVariance.length;
  const length = draws / chains;
  const key = seedFrom(seed);
  const z = new Float64Array(draws);
  const above = new Float64Array(draws);
  terms.forEach((own, depth) => {
    own.term.levels.forEach((_, j) => {
      // a number of its own for each (term, chain, level, draw), so that a run that is extended keeps its effects
      for (let c = 0; c < chains; c++)
        fillNormals(z, length, key, depth * chains + c, j, STREAM.conditional, c * length);
      sumAbove(terms, depth, j, above);
      for (let s = 0, at = j * draws; s < draws; s++, at++) {
        const information = informationOf(own, at, rowsOf[j]!, inverseVariance[s]!);
        const shrunk = own.variance[s]! / (1 + information * own.variance[s]!);
        own.effects[at] = shrunk * (own.effects[at]! - information * above[s]!) + Math.sqrt(shrunk) * z[s]!;
      }
    });
  });
}

/** Sum of the effects above a level, [draws]. */
function sumAbove(terms: readonly ChainTerm[], depth: number, level: number, out: Float64Array): void {
  out.fill(0);
  let at = level;
  for (let d = depth; d > 0; d--) {
    at = terms[d]!.parentOf![at]!;
    const { effects } = terms[d - 1]!;
    const start = at * out.length;
    for (let s = 0; s < out.length; s++) out[s]! += effects[start + s]!;
  }
}
