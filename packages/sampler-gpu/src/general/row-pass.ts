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
  private readonly eta: Float64Array;

  constructor(problem: GeneralProblem, lanes: number, effectAt: readonly number[]) {
    this.problem = problem;
    this.lanes = lanes;
    this.effectAt = effectAt;
    this.family = familyRows(problem);
    this.eta = new Float64Array(BLOCK * lanes);
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
    const { columns, x, offset, terms } = this.problem;
    for (let c = 0; c < lanes; c += 2) {
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        let e0 = offset[first + i]!;
        let e1 = e0;
        const at = (first + i) * columns;
        for (let k = 0, b = c; k < columns; k++, b += lanes) {
          const v = x[at + k]!;
          e0 += v * beta[b]!;
          e1 += v * beta[b + 1]!;
        }
        eta[p] = e0;
        eta[p + 1] = e1;
      }
    }
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

  /** From the slopes in eta to those in coefficients and effects. */
  private gather(first: number, count: number, betaSlope: Float64Array, effectSlope: Float64Array): void {
    const { eta, lanes } = this;
    const { columns, x, terms } = this.problem;
    for (let c = 0; c < lanes; c += 2) {
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const s0 = eta[p]!;
        const s1 = eta[p + 1]!;
        const at = (first + i) * columns;
        for (let k = 0, b = c; k < columns; k++, b += lanes) {
          const v = x[at + k]!;
          betaSlope[b]! += v * s0;
          betaSlope[b + 1]! += v * s1;
        }
      }
    }
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
