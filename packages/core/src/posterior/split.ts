/**
 * Splits each chain in half (Vehtari et al. 2021, doi:10.1214/20-BA1221, section 3.1): [chains][draws]
 * becomes [2 chains][floor(draws / 2)]. An odd chain loses its middle draw (posterior's rule); with an
 * even one memory is in that order already, and the input itself is returned.
 */
export function splitChains(x: Float64Array, chains: number, target?: Float64Array): Float64Array {
  const draws = x.length / chains;
  const half = Math.floor(draws / 2);
  if (draws === 2 * half) return x;
  const split = target ?? new Float64Array(2 * chains * half);
  for (let c = 0; c < chains; c++) {
    const start = c * draws;
    split.set(x.subarray(start, start + half), 2 * c * half);
    split.set(x.subarray(start + draws - half, start + draws), (2 * c + 1) * half);
  }
  return split;
}

/**
 * Carries an order of all draws over to the split chains: indices of middle draws go, the others become
 * indices into `splitChains(x, chains)`. The input itself is returned where no draw was left out.
 */
export function splitOrder(order: Int32Array, chains: number, target?: Int32Array): Int32Array {
  const draws = order.length / chains;
  const half = Math.floor(draws / 2);
  if (draws === 2 * half) return order;
  const split = target ?? new Int32Array(2 * chains * half);
  let kept = 0;
  for (let k = 0; k < order.length; k++) {
    const index = order[k]!;
    const chain = Math.floor(index / draws);
    const draw = index - chain * draws;
    if (draw === half) continue;
    split[kept++] = index - chain - (draw > half ? 1 : 0);
  }
  return split;
}
