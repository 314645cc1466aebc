/** Twiddle factors of a complex transform of `size` (a power of two, at least 8): one run of them a stage. */
export interface Fft {
  readonly size: number;
  /** [size - 1] cos and -sin of pi j / half, j < half; the stage with blocks of 2 half starts at half - 1. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

export function createFft(size: number): Fft {
  if (!(size >= 8 && Number.isInteger(Math.log2(size)))) {
    throw new RangeError(`FFT size ${size} is not a power of two from 8 on`);
  }
  const cos = new Float64Array(size - 1);
  const sin = new Float64Array(size - 1);
  for (let half = 1; half < size; half *= 2) {
    for (let j = 0; j < half; j++) {
      cos[half - 1 + j] = Math.cos((Math.PI * j) / half);
      sin[half - 1 + j] = -Math.sin((Math.PI * j) / half);
    }
  }
  return { size, cos, sin };
}

/**
 * Forward transform in place, X[k] = sum_t x[t] exp(-2 pi i k t / size): natural order in, bit-reversed
 * order out (decimation in frequency), for what follows works point by point and needs no reordering.
 * Only the first half of the input is read, the other half is taken to be zero padding.
 */
export function forwardPadded({ size, cos, sin }: Fft, re: Float64Array, im: Float64Array): void {
  const middle = size >> 1;
  for (let j = 0; j < middle; j++) {
    const wr = cos[middle - 1 + j]!;
    const wi = sin[middle - 1 + j]!;
    const xr = re[j]!;
    const xi = im[j]!;
    re[middle + j] = xr * wr - xi * wi;
    im[middle + j] = xr * wi + xi * wr;
  }
  for (let half = middle >> 1; half > 2; half >>= 1) {
    for (let block = 0; block < size; block += 2 * half) {
      for (let j = 0; j < half; j++) {
        const a = block + j;
        const b = a + half;
        const wr = cos[half - 1 + j]!;
        const wi = sin[half - 1 + j]!;
        const ar = re[a]!;
        const ai = im[a]!;
        const br = re[b]!;
        const bi = im[b]!;
        re[a] = ar + br;
        im[a] = ai + bi;
        re[b] = (ar - br) * wr - (ai - bi) * wi;
        im[b] = (ar - br) * wi + (ai - bi) * wr;
      }
    }
  }
  // The last two stages at once: their factors are 1 and -i.
  for (let a = 0; a < size; a += 4) {
    const r0 = re[a]! + re[a + 2]!;
    const i0 = im[a]! + im[a + 2]!;
    const r1 = re[a + 1]! + re[a + 3]!;
    const i1 = im[a + 1]! + im[a + 3]!;
    const r2 = re[a]! - re[a + 2]!;
    const i2 = im[a]! - im[a + 2]!;
    const r3 = im[a + 1]! - im[a + 3]!;
    const i3 = re[a + 3]! - re[a + 1]!;
    re[a] = r0 + r1;
    im[a] = i0 + i1;
    re[a + 1] = r0 - r1;
    im[a + 1] = i0 - i1;
    re[a + 2] = r2 + r3;
    im[a + 2] = i2 + i3;
    re[a + 3] = r2 - r3;
    im[a + 3] = i2 - i3;
  }
}

/** Inverse transform in place, times `size`: bit-reversed order in, natural order out (decimation in time). */
export function inverse({ size, cos, sin }: Fft, re: Float64Array, im: Float64Array): void {
  // The first two stages at once: their factors are 1 and i.
  for (let a = 0; a < size; a += 4) {
    const r0 = re[a]! + re[a + 1]!;
    const i0 = im[a]! + im[a + 1]!;
    const r1 = re[a]! - re[a + 1]!;
    const i1 = im[a]! - im[a + 1]!;
    const r2 = re[a + 2]! + re[a + 3]!;
    const i2 = im[a + 2]! + im[a + 3]!;
    const r3 = re[a + 2]! - re[a + 3]!;
    const i3 = im[a + 2]! - im[a + 3]!;
    re[a] = r0 + r2;
    im[a] = i0 + i2;
    re[a + 1] = r1 - i3;
    im[a + 1] = i1 + r3;
    re[a + 2] = r0 - r2;
    im[a + 2] = i0 - i2;
    re[a + 3] = r1 + i3;
    im[a + 3] = i1 - r3;
  }
  for (let half = 4; half < size; half *= 2) {
    for (let block = 0; block < size; block += 2 * half) {
      for (let j = 0; j < half; j++) {
        const a = block + j;
        const b = a + half;
        const wr = cos[half - 1 + j]!;
        const wi = -sin[half - 1 + j]!;
        const ar = re[a]!;
        const ai = im[a]!;
        const br = re[b]! * wr - im[b]! * wi;
        const bi = re[b]! * wi + im[b]! * wr;
        re[a] = ar + br;
        im[a] = ai + bi;
        re[b] = ar - br;
        im[b] = ai - bi;
      }
    }
  }
}
