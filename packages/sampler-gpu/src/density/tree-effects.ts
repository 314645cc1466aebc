import { fillNormals, type Seed, STREAM } from "../random/philox.ts";

/** A term of a nested chain, root first: T and I are sums of what lies below a level, as functions of the draw. */
export interface ChainTerm {
  readonly levels: number;
  /** [levels] level of the term above, undefined at the root. */
  readonly parentOf: Int32Array | undefined;
  /** [draws] variance of the effects. */
  readonly variance: Float64Array;
  /** [levels][draws] T: of the last term the sums of residuals weighted by 1 / sigma^2, of others 0; then the effects. */
  readonly effects: Float64Array;
}

interface Node extends ChainTerm {
  /** [levels][draws] I, of terms that have others below them. */
  readonly information: Float64Array | undefined;
}

/**
 * Draws the effects of nested terms in place from their joint normal. They are a tree: messages of information and weighted residuals go up
 * it and draws come down. Given the sum a of the effects above it, an effect with information I and weighted residuals T has precision
 * I + 1 / tau^2 and mean (T - I a) / (I + 1 / tau^2); integrated out, it passes I / (1 + I tau^2) and T / (1 + I tau^2) on (Rue & Held 2005,
 * Gaussian Markov Random Fields, chapter 2; collapsed-draws.ts has the case of two terms on its stored sums). `rowsOf`: rows of
 * each of the last term's levels; `inverseVariance`: [draws] 1 / sigma^2.
 */
export function drawTree(
  chain: readonly ChainTerm[],
  rowsOf: Int32Array,
  inverseVariance: Float64Array,
  seed: Seed,
  chains: number,
): void {
  const terms = chain.map(
    (term, depth): Node => ({
      ...term,
      information: depth < chain.length - 1 ? new Float64Array(term.effects.length) : undefined,
    }),
  );
  passUp(terms, rowsOf, inverseVariance);
  drawDown(terms, rowsOf, inverseVariance, seed, chains);
}

/** Information of a level in a draw: of the leaf its rows', of others what came up. */
const informationOf = ({ information }: Node, at: number, rows: number, inverseVariance: number): number =>
  information === undefined ? rows * inverseVariance : information[at]!;

function passUp(terms: readonly Node[], rowsOf: Int32Array, inverseVariance: Float64Array): void {
  const draws = inverseVariance.length;
  for (let depth = terms.length - 1; depth > 0; depth--) {
    const own = terms[depth]!;
    const above = terms[depth - 1]!;
    for (let j = 0; j < own.levels; j++) {
      const to = own.parentOf![j]! * draws;
      for (let s = 0, at = j * draws; s < draws; s++, at++) {
        const information = informationOf(own, at, rowsOf[j]!, inverseVariance[s]!);
        const share = 1 / (1 + information * own.variance[s]!);
        above.effects[to + s]! += share * own.effects[at]!;
        above.information![to + s]! += share * information;
      }
    }
  }
}

function drawDown(
  terms: readonly Node[],
  rowsOf: Int32Array,
  inverseVariance: Float64Array,
  seed: Seed,
  chains: number,
): void {
  const draws = inverseVariance.length;
  const length = draws / chains;
  const z = new Float64Array(draws);
  const above = new Float64Array(draws);
  terms.forEach((own, depth) => {
    for (let j = 0; j < own.levels; j++) {
      // a number of its own for each (term, chain, level, draw), so that a run that is extended keeps its effects
      for (let c = 0; c < chains; c++)
        fillNormals(z, length, seed, depth * chains + c, j, STREAM.conditional, c * length);
      sumAbove(terms, depth, j, above);
      for (let s = 0, at = j * draws; s < draws; s++, at++) {
        const information = informationOf(own, at, rowsOf[j]!, inverseVariance[s]!);
        const shrunk = own.variance[s]! / (1 + information * own.variance[s]!);
        own.effects[at] = shrunk * (own.effects[at]! - information * above[s]!) + Math.sqrt(shrunk) * z[s]!;
      }
    }
  });
}

/** Sum of the effects above a level, [draws]. */
function sumAbove(terms: readonly Node[], depth: number, level: number, out: Float64Array): void {
  out.fill(0);
  let at = level;
  for (let d = depth; d > 0; d--) {
    at = terms[d]!.parentOf![at]!;
    const { effects } = terms[d - 1]!;
    const start = at * out.length;
    for (let s = 0; s < out.length; s++) out[s]! += effects[start + s]!;
  }
}
