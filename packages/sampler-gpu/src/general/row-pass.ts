import { type FamilyRows, familyRows, type RowState } from "./family-rows.ts";
import type { GeneralProblem } from "./general-problem.ts";

/** Rows whose linear predictors are at hand together: small enough for the nearest cache. */
const BLOCK = 128;

/** The likelihood of all rows and its slopes, for pairs of lanes. Arrays are [index][lanes]. */
export class RowPass {
  private readonly problem: GeneralProblem;
  private readonly lanes: number;
  /** [terms] first effect of each term in `effects`. */
  private readonly effectAt: readonly number[];
  private readonly family: FamilyRows;
  /** [rows of a block and a spare one][lanes] */
  private readonly eta: Float64Array;

  constructor(problem: GeneralProblem, lanes: number, effectAt: readonly number[]) {
    this.problem = problem;
    this.lanes = lanes;
    this.effectAt = effectAt;
    this.family = familyRows(problem);
    this.eta = new Float64Array((BLOCK + 1) * lanes);
  }

  /** Adds to betaSlope, effectSlope and the state; effects [terms' levels x q][lanes]. */
  run(
    beta: Float64Array,
    effects: Float64Array,
    betaSlope: Float64Array,
    effectSlope: Float64Array,
    state: RowState,
    last: boolean,
  ): void {
    const { rows } = this.problem;
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first);
      this.predict(first, count, beta, effects);
      this.family(first, count, this.eta, state, last);
      this.gather(first, count, betaSlope, effectSlope);
    }
  }

  private predict(first: number, count: number, beta: Float64Array, effects: Float64Array): void {
    const { eta, lanes } = this;
    const { columns, offset, terms } = this.problem;
    for (let i = 0, p = 0; i < count; i++) for (let c = 0; c < lanes; c++, p++) eta[p] = offset[first + i]!;
    if (columns > 0) this.multiply(first, count, beta);
    for (let t = 0; t < terms.length; t++) {
      const { size: q, index, z } = terms[t]!;
      const from = this.effectAt[t]! * lanes;
      const step = q * lanes;
      for (let i = 0, p = 0; i < count; i++, p += lanes) {
        const row = first + i;
        let u = from + index[row]! * step;
        if (z === undefined) {
          for (let c = 0; c < lanes; c += 2) {
            eta[p + c]! += effects[u + c]!;
            eta[p + c + 1]! += effects[u + c + 1]!;
          }
          continue;
        }
        for (let a = 0; a < q; a++, u += lanes) {
          const v = z[row * q + a]!;
          for (let c = 0; c < lanes; c += 2) {
            eta[p + c]! += v * effects[u + c]!;
            eta[p + c + 1]! += v * effects[u + c + 1]!;
          }
        }
      }
    }
  }

  /** eta += X beta, two rows and two lanes at a time. */
  private multiply(first: number, count: number, beta: Float64Array): void {
    const { eta, lanes } = this;
    const { columns, x } = this.problem;
    for (let c = 0; c < lanes; c += 2) {
      for (let i = 0; i < count; i += 2) {
        const p = i * lanes + c;
        const at = (first + i) * columns;
        // the last of an odd number of rows goes twice, its copy to a spare row
        const next = i + 1 < count ? at + columns : at;
        let [a0, a1, b0, b1] = [0, 0, 0, 0];
        for (let k = 0, b = c; k < columns; k++, b += lanes) {
          const [v, w] = [x[at + k]!, x[next + k]!];
          const [p0, p1] = [beta[b]!, beta[b + 1]!];
          a0 += v * p0;
          a1 += v * p1;
          b0 += w * p0;
          b1 += w * p1;
        }
        eta[p]! += a0;
        eta[p + 1]! += a1;
        eta[p + lanes]! += b0;
        eta[p + lanes + 1]! += b1;
      }
    }
  }

  /** betaSlope += X' slopes, two columns and two lanes at a time. */
  private multiplyTransposed(first: number, count: number, betaSlope: Float64Array): void {
    const { eta, lanes } = this;
    const { columns, x } = this.problem;
    for (let c = 0; c < lanes; c += 2) {
      for (let k = 0; k < columns; k += 2) {
        const next = k + 1 < columns ? 1 : 0;
        let [a0, a1, b0, b1] = [0, 0, 0, 0];
        for (let i = 0, at = first * columns + k, p = c; i < count; i++, at += columns, p += lanes) {
          const [v, w] = [x[at]!, x[at + next]!];
          const [s0, s1] = [eta[p]!, eta[p + 1]!];
          a0 += v * s0;
          a1 += v * s1;
          b0 += w * s0;
          b1 += w * s1;
        }
        const at = k * lanes + c;
        betaSlope[at]! += a0;
        betaSlope[at + 1]! += a1;
        if (next === 0) continue;
        betaSlope[at + lanes]! += b0;
        betaSlope[at + lanes + 1]! += b1;
      }
    }
  }

  /** From the slopes in eta to those in coefficients and effects. */
  private gather(first: number, count: number, betaSlope: Float64Array, effectSlope: Float64Array): void {
    const { eta, lanes } = this;
    const { columns, terms } = this.problem;
    if (columns > 0) this.multiplyTransposed(first, count, betaSlope);
    for (let t = 0; t < terms.length; t++) {
      const { size: q, index, z } = terms[t]!;
      const from = this.effectAt[t]! * lanes;
      const step = q * lanes;
      for (let i = 0, p = 0; i < count; i++, p += lanes) {
        const row = first + i;
        let u = from + index[row]! * step;
        if (z === undefined) {
          for (let c = 0; c < lanes; c += 2) {
            effectSlope[u + c]! += eta[p + c]!;
            effectSlope[u + c + 1]! += eta[p + c + 1]!;
          }
          continue;
        }
        for (let a = 0; a < q; a++, u += lanes) {
          const v = z[row * q + a]!;
          for (let c = 0; c < lanes; c += 2) {
            effectSlope[u + c]! += v * eta[p + c]!;
            effectSlope[u + c + 1]! += v * eta[p + c + 1]!;
          }
        }
      }
    }
  }
}
