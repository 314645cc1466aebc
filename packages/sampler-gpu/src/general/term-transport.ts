import type { GeneralLayout } from "./general-layout.ts";
import type { GeneralProblem } from "./general-problem.ts";
import type { GeneralTransport } from "./general-reference.ts";
import type { GeneralTerm } from "./general-rows.ts";
import { backwardPairs, forwardPairs } from "./level-pairs.ts";
import { factorLevel, LevelSpace, placeLevel, returnLevel } from "./level-transport.ts";

/** One term's effects from its latents, and the slopes back (GeneralTransport's formulas). Arrays are [index][lanes], an even number. */
export class TermTransport {
  private readonly lanes: number;
  private readonly term: GeneralTerm;
  private readonly linear: number;
  /** First latent of the term and of its ancestors. */
  private readonly at: number;
  private readonly above: readonly {
    readonly at: number;
    readonly size: number;
    readonly levelOf: Int32Array;
  }[];
  private readonly space: LevelSpace;
  /** [levels][q][lanes] G, y, x; [levels][q (q + 1) / 2][lanes] K. */
  private readonly g: Float64Array;
  private readonly y: Float64Array;
  private readonly x: Float64Array;
  private readonly k: Float64Array;

  constructor(problem: GeneralProblem, layout: GeneralLayout, t: number, lanes: number) {
    const term = problem.terms[t]!;
    const { levels, size: q } = term;
    this.lanes = lanes;
    this.term = term;
    this.linear = layout.linear;
    this.at = layout.latentAt[t]!;
    this.above = term.ancestors.map((a, p) => ({
      at: layout.latentAt[a]!,
      size: problem.terms[a]!.size,
      levelOf: term.ancestorOf[p]!,
    }));
    this.space = new LevelSpace(q);
    this.g = new Float64Array(levels * q * lanes);
    this.y = new Float64Array(levels * q * lanes);
    this.x = new Float64Array(levels * q * lanes);
    this.k = new Float64Array(((levels * q * (q + 1)) / 2) * lanes);
  }

  /** G of all levels from the linear globals' departure and the ancestors' effects. */
  private pull(transport: GeneralTransport, departure: Float64Array, effects: Float64Array): void {
    const { lanes, term, linear, g } = this;
    const { levels, size: q } = term;
    const { center, responseOf, responses, ancestors } = transport;
    for (let j = 0; j < levels; j++) {
      const row = responseOf[j]!;
      for (let a = 0; a < q; a++) {
        const to = (j * q + a) * lanes;
        const own = center[j * q + a]!;
        const from = (row * q + a) * linear;
        const known = row < 0 ? 0 : linear;
        for (let c = 0; c < lanes; c += 2) {
          let first = own;
          let second = own;
          for (let l = 0, d = c; l < known; l++, d += lanes) {
            const r = responses[from + l]!;
            first += r * departure[d]!;
            second += r * departure[d + 1]!;
          }
          g[to + c] = first;
          g[to + c + 1] = second;
        }
      }
      for (let p = 0; p < this.above.length; p++) {
        const { at, size, levelOf } = this.above[p]!;
        const coupling = ancestors[p]!;
        const from = (at + levelOf[j]! * size) * lanes;
        for (let a = 0; a < q; a++)
          for (let b = 0; b < size; b++) {
            const w = coupling[(j * q + a) * size + b]!;
            for (let c = 0; c < lanes; c++) g[(j * q + a) * lanes + c]! -= w * effects[from + b * lanes + c]!;
          }
      }
    }
  }

  /** Effects from latents; adds -x'x / 2 - log det K to value [lanes]. `effects` holds the ancestors' already. */
  forward(
    transport: GeneralTransport,
    factor: Float64Array,
    departure: Float64Array,
    z: Float64Array,
    effects: Float64Array,
    value: Float64Array,
  ): void {
    const { lanes, space, at, g, y, x, k } = this;
    const { levels, size: q } = this.term;
    const { information } = transport;
    this.pull(transport, departure, effects);
    const own = q * lanes;
    const w = z.subarray(at * lanes, (at + levels * q) * lanes);
    const u = effects.subarray(at * lanes, (at + levels * q) * lanes);
    const triangle = ((q * (q + 1)) / 2) * lanes;
    for (let c = 0; c < lanes; c++) {
      let lp = 0;
      if (q === 1) {
        const tau = factor[c]!;
        let product = 1;
        for (let j = 0, i = c; j < levels; j++, i += lanes) {
          const m = 1 + information[j]! * tau * tau;
          const root = Math.sqrt(m);
          k[i] = root;
          const s = (tau * g[i]!) / root;
          y[i] = s;
          const effect = (s + w[i]!) / root;
          x[i] = effect;
          u[i] = tau * effect;
          lp -= 0.5 * effect * effect;
          product *= m;
          if (product > 1e200 || (j & 63) === 63) {
            lp -= 0.5 * Math.log(product);
            product = 1;
          }
        }
        lp -= 0.5 * Math.log(product);
      } else if (q === 2) lp = forwardPairs(levels, lanes, c, information, factor, g, w, k, y, x, u);
      else {
        for (let j = 0; j < levels; j++) {
          lp -= factorLevel(space, information, j * q * q, factor, lanes, c, k, j * triangle);
          placeLevel(q, factor, lanes, c, k, j * triangle, j * own, g, w, y, x, u);
          for (let a = 0; a < q; a++) lp -= 0.5 * x[j * own + a * lanes + c]! ** 2;
        }
      }
      value[c]! += lp;
    }
  }

  /**
   * After `forward`: from the slopes in effects to those in latents (into force), C, linear globals and ancestors' effects, which are added
   * to; descendants' share must have been added to effectSlope.
   */
  backward(
    transport: GeneralTransport,
    factor: Float64Array,
    z: Float64Array,
    effectSlope: Float64Array,
    factorSlope: Float64Array,
    linearSlope: Float64Array,
    force: Float64Array,
  ): void {
    const { lanes, space, at, g, y, x, k } = this;
    const { levels, size: q } = this.term;
    const { information } = transport;
    const own = q * lanes;
    const from = at * lanes;
    const to = (at + levels * q) * lanes;
    const w = z.subarray(from, to);
    const slope = effectSlope.subarray(from, to);
    const out = force.subarray(from, to);
    const triangle = ((q * (q + 1)) / 2) * lanes;
    for (let c = 0; c < lanes; c++) {
      if (q === 1) {
        const tau = factor[c]!;
        let byTau = 0;
        for (let j = 0, i = c; j < levels; j++, i += lanes) {
          const inverse = 1 / k[i]!;
          const t = (tau * slope[i]! - x[i]!) * inverse;
          const v = t * inverse;
          const bend = -(y[i]! + y[i]! + w[i]!) * t - 1;
          byTau += slope[i]! * x[i]! + g[i]! * v + information[j]! * tau * bend * inverse * inverse;
          out[i] = t;
          slope[i] = tau * v;
        }
        factorSlope[c]! += byTau;
      } else if (q === 2)
        backwardPairs(levels, lanes, c, information, factor, g, w, k, y, x, slope, factorSlope, out);
      else
        for (let j = 0; j < levels; j++)
          returnLevel(
            space,
            information,
            j * q * q,
            factor,
            lanes,
            c,
            k,
            j * triangle,
            j * own,
            g,
            w,
            y,
            x,
            slope,
            factorSlope,
            out,
          );
    }
    this.push(transport, slope, effectSlope, linearSlope);
  }

  /** From the slopes in G to those in the linear globals and the ancestors' effects. */
  private push(
    transport: GeneralTransport,
    slope: Float64Array,
    effectSlope: Float64Array,
    linearSlope: Float64Array,
  ): void {
    const { lanes, linear } = this;
    const { levels, size: q } = this.term;
    const { responseOf, responses, ancestors } = transport;
    for (let j = 0; j < levels; j++) {
      const row = responseOf[j]!;
      for (let a = 0; a < q; a++) {
        const own = (j * q + a) * lanes;
        if (row >= 0) {
          const from = (row * q + a) * linear;
          for (let c = 0; c < lanes; c += 2) {
            const first = slope[own + c]!;
            const second = slope[own + c + 1]!;
            for (let l = 0, d = c; l < linear; l++, d += lanes) {
              const r = responses[from + l]!;
              linearSlope[d]! += r * first;
              linearSlope[d + 1]! += r * second;
            }
          }
        }
        for (let p = 0; p < this.above.length; p++) {
          const { at, size, levelOf } = this.above[p]!;
          const coupling = ancestors[p]!;
          const to = (at + levelOf[j]! * size) * lanes;
          for (let b = 0; b < size; b++) {
            const w = coupling[(j * q + a) * size + b]!;
            for (let c = 0; c < lanes; c++) effectSlope[to + b * lanes + c]! -= w * slope[own + c]!;
          }
        }
      }
    }
  }

  /** The latents that given effects have: w = K' C^-1 u - y. */
  rewrite(
    transport: GeneralTransport,
    factor: Float64Array,
    departure: Float64Array,
    effects: Float64Array,
    z: Float64Array,
  ): void {
    const { lanes, space, at, g, k, y } = this;
    const { levels, size: q } = this.term;
    this.pull(transport, departure, effects);
    const triangle = ((q * (q + 1)) / 2) * lanes;
    const x = new Float64Array(q);
    for (let j = 0; j < levels; j++) {
      const level = j * q * lanes;
      for (let c = 0; c < lanes; c++) {
        factorLevel(space, transport.information, j * q * q, factor, lanes, c, k, j * triangle);
        for (let a = 0; a < q; a++) {
          // y = K^-1 C' G and x = C^-1 u
          let sum = 0;
          for (let d = a; d < q; d++) sum += factor[(d * q + a) * lanes + c]! * g[level + d * lanes + c]!;
          const row = (a * (a + 1)) / 2;
          for (let b = 0; b < a; b++)
            sum -= k[j * triangle + (row + b) * lanes + c]! * y[level + b * lanes + c]!;
          y[level + a * lanes + c] = sum / k[j * triangle + (row + a) * lanes + c]!;
          let rest = effects[at * lanes + level + a * lanes + c]!;
          for (let b = 0; b < a; b++) rest -= factor[(a * q + b) * lanes + c]! * x[b]!;
          x[a] = rest / factor[(a * q + a) * lanes + c]!;
        }
        for (let a = 0; a < q; a++) {
          let sum = -y[level + a * lanes + c]!;
          for (let b = a; b < q; b++) sum += k[j * triangle + ((b * (b + 1)) / 2 + a) * lanes + c]! * x[b]!;
          z[at * lanes + level + a * lanes + c] = sum;
        }
      }
    }
  }
}
