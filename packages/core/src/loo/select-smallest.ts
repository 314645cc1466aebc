/**
 * Puts the `count` smallest values of x first, in any order, the largest of them at x[count - 1], the others after them
 * (Hoare's selection with the median of three as the pivot); 0 < count <= x.length, no NaN.
 */
export function selectSmallest(x: Float64Array, count: number): void {
  const target = count - 1;
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const pivot = medianOfThree(x[low]!, x[(low + high) >> 1]!, x[high]!);
    let i = low - 1;
    let j = high + 1;
    for (;;) {
      do i++;
      while (x[i]! < pivot);
      do j--;
      while (x[j]! > pivot);
      if (i >= j) break;
      const swap = x[i]!;
      x[i] = x[j]!;
      x[j] = swap;
    }
    // x[low..j] <= pivot <= x[j + 1..high]
    if (target <= j) high = j;
    else low = j + 1;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
