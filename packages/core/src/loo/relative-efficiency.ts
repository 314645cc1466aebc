import { type AutocovarianceBuffers, autocovarianceBuffers } from "../posterior/autocovariance.ts";
import { effectiveSampleSize } from "../posterior/ess.ts";
import { splitChains } from "../posterior/split.ts";
import type { LooRules } from "./rules.ts";

/** Relative efficiency of the mean of x [chains][draws]: its ESS by the number of draws; 1 where that is not defined (constant x). */
export class RelativeEfficiency {
  private readonly chains: number;
  private readonly split: boolean;
  private readonly halves: Float64Array | undefined;
  private readonly buffers: AutocovarianceBuffers;

  constructor(chains: number, draws: number, rule: LooRules["efficiency"]) {
    this.split = rule === "split";
    this.chains = chains;
    const length = this.split ? Math.floor(draws / 2) : draws;
    this.halves = this.split && draws % 2 === 1 ? new Float64Array(2 * chains * length) : undefined;
    this.buffers = autocovarianceBuffers(length);
  }

  of(x: Float64Array): number {
    const { chains, split, halves, buffers } = this;
    const size = split
      ? effectiveSampleSize(splitChains(x, chains, halves), 2 * chains, buffers)
      : effectiveSampleSize(x, chains, buffers);
    return Number.isNaN(size) ? 1 : size / x.length;
  }
}
