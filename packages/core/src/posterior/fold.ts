/**
 * Distances |x - centre|, [n], as in the folded R-hat (Vehtari et al. 2021, doi:10.1214/20-BA1221,
 * section 4.2). NaN where both are the same infinity.
 */
export function fold(
  x: Float64Array,
  centre: number,
  target: Float64Array = new Float64Array(x.length),
): Float64Array {
  for (let i = 0; i < x.length; i++) target[i] = Math.abs(x[i]! - centre);
  return target;
}

/**
 * The order that sorts folded values, from the order that sorts the values: below the centre distances
 * fall, above it they rise, so that one merge of the two runs does for a second sort.
 */
export function foldOrder(
  folded: Float64Array,
  x: Float64Array,
  centre: number,
  order: Int32Array,
  target: Int32Array = new Int32Array(order.length),
): Int32Array {
  const n = order.length;
  // Start where values are no longer below the centre.
  let above = 0;
  for (let end = n; above < end; ) {
    const middle = (above + end) >> 1;
    if (x[order[middle]!]! < centre) above = middle + 1;
    else end = middle;
  }
  let below = above - 1;
  for (let k = 0; k < n; k++) {
    const takeBelow = above >= n || (below >= 0 && folded[order[below]!]! <= folded[order[above]!]!);
    target[k] = takeBelow ? order[below--]! : order[above++]!;
  }
  return target;
}
