/**
 * Estimated Bayesian fraction of missing information (Betancourt 2016, arXiv:1604.00695): how far fresh momentum moves
 * a Hamiltonian chain between energies, against how far the energies spread. Near 1 where momentum reaches every energy
 * at once; below 0.3 (cmdstanr's limit) the chain creeps through them, as in heavy tails and funnels.
 */

/** What E-BFMI needs of a chain's energies: they are taken up one by one, so that they need not be kept. */
export interface EnergyMoments {
  readonly count: number;
  readonly last: number;
  readonly mean: number;
  /** Sum of squared distances from the mean (Welford 1962, doi:10.2307/1266577). */
  readonly squares: number;
  /** Sum of squared differences from one energy to the next. */
  readonly steps: number;
}

export const NO_ENERGY: EnergyMoments = { count: 0, last: 0, mean: 0, squares: 0, steps: 0 };

/** After another energy, in any unit and up to a constant. */
export function withEnergy(moments: EnergyMoments, energy: number): EnergyMoments {
  const count = moments.count + 1;
  const distance = energy - moments.mean;
  const mean = moments.mean + distance / count;
  return {
    count,
    last: energy,
    mean,
    squares: moments.squares + distance * (energy - mean),
    steps: moments.count === 0 ? 0 : moments.steps + (energy - moments.last) ** 2,
  };
}

/** E-BFMI as cmdstanr and rstan compute it, (sum of squared steps / n) / variance; NaN below two energies, or where they do not vary. */
export function ebfmiOf({ count, squares, steps }: EnergyMoments): number {
  return count < 2 ? Number.NaN : steps / count / (squares / (count - 1));
}

/** E-BFMI of one chain's energies, [draws]. */
export function ebfmi(energies: ArrayLike<number>): number {
  let moments = NO_ENERGY;
  for (let i = 0; i < energies.length; i++) moments = withEnergy(moments, energies[i]!);
  return ebfmiOf(moments);
}
