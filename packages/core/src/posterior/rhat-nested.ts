/**
 * Nested R-hat (Margossian et al. 2024, doi:10.1214/24-BA1453), for many short chains: chains that started at one
 * point form a superchain, and superchains are compared. By the rules of the R package posterior from 1.5.0 on:
 * chains are neither split nor rank-normalised.
 */
import { mean, variance } from "./moments.ts";
import { varies } from "./varies.ts";

/**
 * Nested R-hat of x, [chains][length]; at least 1. `superchains` [chains] says which superchain each chain belongs to,
 * and must name each equally often. NaN where it is not defined: a draw that is not finite, draws that do not vary, one
 * superchain alone. RangeError where `superchains` does not fit the chains.
 */
export function rhatNested(x: Float64Array, superchains: readonly (number | string)[]): number {
  const chains = superchains.length;
  const length = x.length / chains;
  if (!Number.isInteger(length))
    throw new RangeError(`${x.length} draws are not of ${chains} chains: name the superchain of every chain`);
  const members = chainsOf(superchains);
  const each = members[0]!.length;
  if (members.some((own) => own.length !== each))
    throw new RangeError(
      `superchains must have equally many chains: they have ${members.map((own) => own.length).join(", ")}`,
    );
  if (!varies(x)) return Number.NaN;
  const means = new Float64Array(members.length);
  const within = new Float64Array(members.length);
  members.forEach((own, k) => {
    const chainMeans = Float64Array.from(own, (c) => mean(x, c * length, (c + 1) * length));
    means[k] = mean(chainMeans);
    // B_k and W_k of equation 7, 0 where one chain or one draw leaves nothing to compare
    const betweenChains = each === 1 ? 0 : variance(chainMeans);
    const withinChains =
      length === 1
        ? 0
        : mean(Float64Array.from(own, (c, i) => variance(x, c * length, (c + 1) * length, chainMeans[i]!)));
    within[k] = betweenChains + withinChains;
  });
  return Math.sqrt(1 + variance(means) / mean(within));
}

/** Chains of each superchain. */
function chainsOf(superchains: readonly (number | string)[]): number[][] {
  const members = new Map<number | string, number[]>();
  superchains.forEach((name, chain) => {
    const own = members.get(name);
    if (own === undefined) members.set(name, [chain]);
    else own.push(chain);
  });
  return [...members.values()];
}
