const DIGIT_BITS = 11;
const DIGITS = 6; // 6 digits of 11 bits cover 64 bits
const BUCKETS = 1 << DIGIT_BITS;
const MASK = BUCKETS - 1;

/** Working memory of `sortOrder` for arrays of one length, to be used again and again. */
export interface OrderBuffers {
  /** [n] the result: order[k] is the index of the k-th smallest value. */
  readonly order: Int32Array;
  readonly swap: Int32Array;
  readonly keys: Uint32Array;
  readonly counts: Uint32Array;
}

export function orderBuffers(n: number): OrderBuffers {
  return {
    order: new Int32Array(n),
    swap: new Int32Array(n),
    keys: new Uint32Array(2 * n),
    counts: new Uint32Array(DIGITS * BUCKETS),
  };
}

/**
 * The order that sorts x upwards (stable; -0 before 0; no NaN): a radix sort of the bits of the
 * doubles, linear in n. The result lives in `buffers.order` until the next call.
 */
export function sortOrder(x: Float64Array, buffers: OrderBuffers = orderBuffers(x.length)): Int32Array {
  const n = x.length;
  const { keys, counts } = buffers;
  // Little-endian, as every machine that runs JavaScript engines today: low word first.
  keys.set(new Uint32Array(x.buffer, x.byteOffset, 2 * n));
  counts.fill(0);
  for (let i = 0; i < n; i++) {
    // Negative doubles: flip every bit, others: flip the sign, so that the bits sort as the numbers do.
    const negative = keys[2 * i + 1]! >> 31;
    const low = (keys[2 * i]! ^ negative) >>> 0;
    const high = (keys[2 * i + 1]! ^ (negative | 0x80000000)) >>> 0;
    keys[2 * i] = low;
    keys[2 * i + 1] = high;
    counts[low & MASK]!++;
    counts[BUCKETS + ((low >>> 11) & MASK)]!++;
    counts[2 * BUCKETS + (low >>> 22)]!++;
    counts[3 * BUCKETS + (high & MASK)]!++;
    counts[4 * BUCKETS + ((high >>> 11) & MASK)]!++;
    counts[5 * BUCKETS + (high >>> 22)]!++;
  }
  // Sign, exponent and 20 bits of the fraction tell most values apart: what they leave equal is put in order
  // by insertion, unless there is so much of it that the other digits are cheaper.
  let order = passes(n, 3, DIGITS, buffers);
  if (!orderTies(order, keys)) order = passes(n, 0, DIGITS, buffers);
  if (order !== buffers.order) buffers.order.set(order);
  return buffers.order;
}

/** Sorts by the digits from `first` to before `last`; the result is one of the two order buffers. */
function passes(n: number, first: number, last: number, buffers: OrderBuffers): Int32Array {
  const { keys, counts } = buffers;
  const starts = new Uint32Array(BUCKETS);
  let from = buffers.order;
  let to = buffers.swap;
  for (let i = 0; i < n; i++) from[i] = i;
  for (let digit = first; digit < last; digit++) {
    const word = digit < 3 ? 0 : 1;
    const shift = (digit % 3) * DIGIT_BITS;
    const base = digit * BUCKETS;
    // A digit that all keys share sorts nothing.
    if (n > 0 && counts[base + ((keys[word]! >>> shift) & MASK)] === n) continue;
    let start = 0;
    for (let b = 0; b < BUCKETS; b++) {
      starts[b] = start;
      start += counts[base + b]!;
    }
    for (let k = 0; k < n; k++) {
      const i = from[k]!;
      const bucket = (keys[2 * i + word]! >>> shift) & MASK;
      to[starts[bucket]!++] = i;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** The longest run of equal high words that insertion puts in order. */
const LONGEST_RUN = 32;

/** Puts runs of equal high words in the order of their low words, stable; false where one is too long. */
function orderTies(order: Int32Array, keys: Uint32Array): boolean {
  const n = order.length;
  let begin = 0;
  let high = n > 0 ? keys[2 * order[0]! + 1]! : 0;
  for (let k = 1; k < n; k++) {
    const i = order[k]!;
    const own = keys[2 * i + 1]!;
    if (own !== high) {
      begin = k;
      high = own;
      continue;
    }
    if (k - begin >= LONGEST_RUN) return false;
    const low = keys[2 * i]!;
    let at = k;
    for (; at > begin && keys[2 * order[at - 1]!]! > low; at--) order[at] = order[at - 1]!;
    order[at] = i;
  }
  return true;
}
