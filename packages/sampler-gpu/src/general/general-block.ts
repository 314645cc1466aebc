import { familyOf } from "@bridgewise/core";
import type { Geometry } from "../engine.ts";
import { fillNormals, type Seed, STREAM } from "../random/philox.ts";
import { LaneBlock } from "../simd/lane-block.ts";
import { denseEffects } from "./dense-effects.ts";
import type { RowState } from "./family-rows.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { auxAt, factorAt, linearAt } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";
import type { GeneralReference } from "./general-reference.ts";
import { foldScales } from "./general-report.ts";
import { addThresholdSlopes, factorSlopes, globalsPriors } from "./globals-priors.ts";
import { RowPass } from "./row-pass.ts";
import { TermTransport } from "./term-transport.ts";

/** Chains of a general model: effects by conditional transport from z; plain float64 arrays. */
export class GeneralBlock extends LaneBlock {
  protected readonly z: Float64Array;
  /** [latents + dense effects][lanes] of the latest evaluation, and its slopes. */
  private readonly effects: Float64Array;
  private readonly effectSlope: Float64Array;
  private readonly momentum: Float64Array;
  private readonly pull: Float64Array;
  /** z, effects and forces of the current position. */
  private readonly kept: readonly [Float64Array, Float64Array, Float64Array];
  private readonly problem: GeneralProblem;
  private readonly layout: GeneralLayout;
  /** [terms] first effect of each term in `effects`. */
  private readonly effectAt: readonly number[];
  private readonly rows: RowPass;
  private readonly transports: readonly (TermTransport | undefined)[];
  /** [terms] C and its slope, [q][q][lanes]. */
  private readonly factors: readonly Float64Array[];
  private readonly factorSlope: readonly Float64Array[];
  /** The family's parameters and thresholds, and what the rows say. */
  private readonly state: RowState;
  private readonly departure: Float64Array;
  private readonly linearSlope: Float64Array;
  private readonly own: {
    readonly aux: Float64Array;
    readonly linear: Float64Array;
    readonly factors: readonly Float64Array[];
  };
  private reference!: GeneralReference;

  constructor(problem: GeneralProblem, layout: GeneralLayout, chains: readonly number[], seed: Seed) {
    super(layout, chains, seed);
    const { lanes } = this;
    const { terms } = problem;
    this.problem = problem;
    this.layout = layout;
    let dense = layout.latents;
    this.effectAt = terms.map(({ levels, size }, t) => {
      if (layout.latentAt[t]! >= 0) return layout.latentAt[t]!;
      dense += levels * size;
      return dense - levels * size;
    });
    this.z = new Float64Array(layout.latents * lanes);
    this.momentum = new Float64Array(layout.latents * lanes);
    this.pull = new Float64Array(layout.latents * lanes);
    this.effects = new Float64Array(dense * lanes);
    this.effectSlope = new Float64Array(dense * lanes);
    this.kept = [this.z.slice(), this.effects.slice(), this.pull.slice()];
    this.rows = new RowPass(problem, lanes, this.effectAt);
    this.transports = terms.map((_, t) =>
      layout.latentAt[t]! < 0 ? undefined : new TermTransport(problem, layout, t, lanes),
    );
    this.factors = terms.map(({ size }) => new Float64Array(size * size * lanes));
    this.factorSlope = terms.map(({ size }) => new Float64Array(size * size * lanes));
    const aux = familyOf(problem.family).parameters.length + problem.thresholds;
    this.state = {
      lanes,
      aux: new Float64Array(aux * lanes),
      auxSlope: new Float64Array(aux * lanes),
      value: this.value,
    };
    this.departure = new Float64Array(layout.linear * lanes);
    this.linearSlope = new Float64Array(layout.linear * lanes);
    this.own = {
      aux: new Float64Array(aux),
      linear: new Float64Array(layout.linear),
      factors: terms.map(({ size }) => new Float64Array(size * size)),
    };
  }

  protected override useGeometry(geometry: Geometry): void {
    super.useGeometry(geometry);
    if (geometry.general === undefined)
      throw new Error("this density needs a reference for its group effects");
    this.reference = geometry.general;
  }

  override fold(theta: Float64Array, from: number, stride: number): void {
    foldScales(this.problem, this.layout, theta, from, stride);
  }

  /** Everything that follows from theta before the effects. */
  private readGlobals(theta: Float64Array): void {
    const { lanes, problem, layout, own } = this;
    for (let c = 0; c < lanes; c++) {
      auxAt(problem, layout, theta, c, lanes, own.aux);
      linearAt(problem, layout, theta, c, lanes, own.aux, own.linear);
      for (let k = 0; k < own.aux.length; k++) this.state.aux[k * lanes + c] = own.aux[k]!;
      for (let k = 0; k < own.linear.length; k++)
        this.departure[k * lanes + c] = own.linear[k]! - this.reference.linear[k]!;
      own.factors.forEach((factor, t) => {
        factorAt(problem, layout, t, theta, c, lanes, factor, 0);
        for (let k = 0; k < factor.length; k++) this.factors[t]![k * lanes + c] = factor[k]!;
      });
    }
  }

  protected rewriteLatents(): void {
    this.readGlobals(this.theta);
    for (const t of this.layout.transported)
      this.transports[t]!.rewrite(
        this.reference.transports[t]!,
        this.factors[t]!,
        this.departure,
        this.effects,
        this.z,
      );
  }

  protected evaluate(kick: number, cos: number, sin: number, last: boolean): void {
    const { lanes, problem, layout, thetaTrial: theta, gradTheta, value, effects, effectSlope } = this;
    const { aux, auxSlope } = this.state;
    const { columns, terms, thresholds, model } = problem;
    this.readGlobals(theta);
    value.fill(0);
    gradTheta.fill(0);
    effectSlope.fill(0);
    auxSlope.fill(0);
    this.linearSlope.fill(0);
    for (const slope of this.factorSlope) slope.fill(0);
    for (const t of layout.transported)
      this.transports[t]!.forward(
        this.reference.transports[t]!,
        this.factors[t]!,
        this.departure,
        this.z,
        effects,
        value,
      );
    terms.forEach(({ levels, size }, t) => {
      const at = layout.denseAt[t]!;
      if (at >= 0)
        effects.set(theta.subarray(at * lanes, (at + levels * size) * lanes), this.effectAt[t]! * lanes);
    });
    if (!model.priorOnly) this.rows.run(theta, effects, gradTheta, effectSlope, this.state, last);
    for (const t of layout.transported.toReversed())
      this.transports[t]!.backward(
        this.reference.transports[t]!,
        this.factors[t]!,
        this.z,
        effectSlope,
        this.factorSlope[t]!,
        this.linearSlope,
        this.pull,
      );
    for (let c = 0; c < lanes; c++) {
      for (let k = 0; k < columns; k++) gradTheta[k * lanes + c]! += this.linearSlope[k * lanes + c]!;
      terms.forEach(({ levels, size }, t) => {
        const at = layout.denseAt[t]!;
        if (at < 0) return;
        value[c]! += denseEffects(
          levels,
          size,
          this.factors[t]!,
          lanes,
          c,
          theta,
          at * lanes,
          gradTheta,
          this.factorSlope[t]!,
        );
        for (let e = 0; e < levels * size; e++)
          gradTheta[(at + e) * lanes + c]! +=
            effectSlope[(this.effectAt[t]! + e) * lanes + c]! +
            this.linearSlope[(layout.linearOf[t]! + e) * lanes + c]!;
      });
      terms.forEach((_, t) => {
        factorSlopes(problem, layout, t, lanes, c, theta, this.factorSlope[t]!, gradTheta);
      });
      const parameters = familyOf(problem.family).parameters.length;
      for (let p = 0; p < parameters; p++) {
        const at = (layout.family + p) * lanes + c;
        gradTheta[at]! += auxSlope[p * lanes + c]! * Math.exp(theta[at]!);
      }
      addThresholdSlopes(
        layout,
        thresholds,
        lanes,
        c,
        theta,
        (k) =>
          auxSlope[(parameters + k) * lanes + c]! +
          this.linearSlope[(layout.linearThresholds + k) * lanes + c]!,
        gradTheta,
      );
      value[c]! += globalsPriors(problem, layout, lanes, c, theta, aux, gradTheta);
    }
    const { pull: force, z, momentum: p } = this;
    for (let i = 0; i < z.length; i++) {
      force[i]! += z[i]!;
      p[i]! += kick * force[i]!;
    }
    if (!last) this.rotate(cos, sin);
  }

  private rotate(cos: number, sin: number): void {
    const { z, momentum: p } = this;
    for (let i = 0; i < z.length; i++) {
      const a = z[i]!;
      z[i] = cos * a + sin * p[i]!;
      p[i] = cos * p[i]! - sin * a;
    }
  }

  protected keep(): void {
    this.kept[0].set(this.z);
    this.kept[1].set(this.effects);
    this.kept[2].set(this.pull);
  }

  protected settle(accepted: Uint8Array): void {
    const { lanes, kept } = this;
    const current = [this.z, this.effects, this.pull];
    current.forEach((values, a) => {
      const old = kept[a]!;
      accepted.forEach((taken, c) => {
        const [from, to] = taken === 1 ? [values, old] : [old, values];
        for (let i = c; i < from.length; i += lanes) to[i] = from[i]!;
      });
    });
  }

  protected launch(iteration: number, kick: number, cos: number, sin: number, squares: Float64Array): void {
    const { lanes, layout, momentum: p, pull: force } = this;
    for (let c = 0; c < lanes; c++)
      fillNormals(p, layout.latents, this.seed, this.chains[c]!, iteration, STREAM.latentMomentum, c, lanes);
    this.addSquares(squares);
    for (let i = 0; i < p.length; i++) p[i]! += kick * force[i]!;
    this.rotate(cos, sin);
  }

  protected addSquares(squares: Float64Array): void {
    const { lanes, momentum: p } = this;
    for (let c = 0; c < lanes; c++) {
      let sum = 0;
      for (let i = c; i < p.length; i += lanes) sum += p[i]! ** 2;
      squares[c]! += sum;
    }
  }

  /** Effect of coefficient a at level j of term t in lane c at the current position. */
  effect(t: number, j: number, a: number, c: number): number {
    return this.effects[(this.effectAt[t]! + j * this.problem.terms[t]!.size + a) * this.lanes + c]!;
  }

  /** For tests: log density and force in the whitened coordinates at (w, z), both [.][lanes]; effects [latents and dense][lanes]. */
  probe(
    geometry: Geometry,
    w: Float64Array,
    z: Float64Array,
  ): {
    value: Float64Array;
    theta: Float64Array;
    forceW: Float64Array;
    forceZ: Float64Array;
    effects: Float64Array;
  } {
    this.useGeometry(geometry);
    this.z.set(z);
    this.momentum.fill(0);
    const forceW = new Float64Array(w.length);
    this.forceAt(w, forceW, 0, 1, 0, true);
    return {
      value: this.value.slice(),
      theta: this.thetaTrial.slice(),
      forceW,
      forceZ: this.pull.slice(),
      effects: this.effects.slice(),
    };
  }
}
