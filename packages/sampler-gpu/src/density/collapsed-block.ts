import type { Seed } from "../random/philox.ts";
import { LaneBlock } from "../simd/lane-block.ts";
import type { CollapsedDensity } from "./collapsed.ts";
import type { CollapsedPosition } from "./collapsed-draws.ts";

/** Chains of the collapsed gaussian: no latents, but what a draw of the linear parameters needs at the current position. */
export class CollapsedBlock extends LaneBlock implements CollapsedPosition {
  readonly density: CollapsedDensity;
  readonly betaHat: Float64Array;
  readonly inverseFactor: Float64Array;
  protected readonly z = new Float64Array(0);

  constructor(density: CollapsedDensity, chains: readonly number[], seed: Seed) {
    super(density.shape, chains, seed);
    this.density = density;
    this.betaHat = new Float64Array(density.betaHat.length);
    this.inverseFactor = new Float64Array(density.inverseFactor.length);
  }

  protected evaluate(): void {
    this.density.evaluate(this.thetaTrial, this.value, this.gradTheta);
  }

  protected keep(): void {
    this.betaHat.set(this.density.betaHat);
    this.inverseFactor.set(this.density.inverseFactor);
  }

  protected settle(accepted: Uint8Array): void {
    const { lanes, density } = this;
    accepted.forEach((taken, c) => {
      if (taken === 0) return;
      for (let i = c; i < this.betaHat.length; i += lanes) this.betaHat[i] = density.betaHat[i]!;
      for (let i = c; i < this.inverseFactor.length; i += lanes)
        this.inverseFactor[i] = density.inverseFactor[i]!;
    });
  }

  protected launch(): void {}
  protected addSquares(): void {}
  protected rewriteLatents(): void {}
}
