import { createFft, type Fft, forwardPadded, inverse } from "./fft.ts";
import { mean } from "./moments.ts";

/** Working memory for chains of one length, to be used again and again. */
export interface AutocovarianceBuffers {
  readonly length: number;
  readonly fft: Fft;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly power: Float64Array;
  /** [length] the result of `meanAutocovariance`. */
  readonly lags: Float64Array;
}

export function autocovarianceBuffers(length: number): AutocovarianceBuffers {
  // Zero padding to twice the length keeps the circular sum from wrapping around.
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * length)));
  return {
    length,
    fft: createFft(size),
    re: new Float64Array(size),
    im: new Float64Array(size),
    power: new Float64Array(size),
    lags: new Float64Array(length),
  };
}

/** From this length on the first lags are summed directly: most often the others are never asked for. */
const LONG = 4096;
/** Lags that are summed in one go, and at most, before a transform is cheaper. */
const STRIDE = 8;
const MOST_DIRECT = 64;

/**
 * Autocovariance at lags 0 to length - 1, averaged over chains: the biased estimate (divisor length at
 * every lag; Geyer 1992, doi:10.1214/ss/1177011137, section 3.1), each chain around its own mean.
 * x: [chains][length], `means`: [chains], filled when the first lag is asked for. The result gives a lag,
 * until the buffers are used again.
 */
export function meanAutocovariance(
  x: Float64Array,
  means: Float64Array,
  buffers: AutocovarianceBuffers = autocovarianceBuffers(x.length / means.length),
): (lag: number) => number {
  const { length, lags } = buffers;
  let known = 0;
  return (lag) => {
    if (lag >= known) {
      if (length >= LONG && lag < MOST_DIRECT) {
        for (; known <= lag; known += STRIDE) sumDirectly(x, means, buffers, known);
      } else {
        transform(x, means, buffers);
        known = length;
      }
    }
    return lags[lag]!;
  };
}

/** Lags `first` to `first` + STRIDE - 1 into `lags`. */
function sumDirectly(
  x: Float64Array,
  means: Float64Array,
  { length, re, lags }: AutocovarianceBuffers,
  first: number,
): void {
  const chains = means.length;
  lags.fill(0, first, first + STRIDE);
  for (let c = 0; c < chains; c++) {
    centreInto(re, x, c, length, means);
    re.fill(0, length, length + MOST_DIRECT + STRIDE);
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let t = 0, u = first; t < length; t++, u++) {
      const d = re[t]!;
      s0 += d * re[u]!;
      s1 += d * re[u + 1]!;
      s2 += d * re[u + 2]!;
      s3 += d * re[u + 3]!;
      s4 += d * re[u + 4]!;
      s5 += d * re[u + 5]!;
      s6 += d * re[u + 6]!;
      s7 += d * re[u + 7]!;
    }
    for (const [k, s] of [s0, s1, s2, s3, s4, s5, s6, s7].entries())
      lags[first + k]! += s / (length * chains);
  }
}

/**
 * All lags. Two chains make one complex sequence z = x + i y, for which Re IFFT(|FFT z|^2) is the sum of both
 * autocovariances; power spectra are added up first, so that all chains share one inverse transform.
 */
function transform(
  x: Float64Array,
  means: Float64Array,
  { length, fft, re, im, power, lags }: AutocovarianceBuffers,
): void {
  const chains = means.length;
  power.fill(0);
  for (let c = 0; c < chains; c += 2) {
    centreInto(re, x, c, length, means);
    if (c + 1 < chains) centreInto(im, x, c + 1, length, means);
    else im.fill(0);
    forwardPadded(fft, re, im);
    for (let k = 0; k < fft.size; k++) power[k] = power[k]! + re[k]! * re[k]! + im[k]! * im[k]!;
  }
  im.fill(0);
  inverse(fft, power, im);
  const scale = 1 / (fft.size * length * chains);
  for (let lag = 0; lag < length; lag++) lags[lag] = power[lag]! * scale;
}

function centreInto(
  target: Float64Array,
  x: Float64Array,
  chain: number,
  length: number,
  means: Float64Array,
): void {
  const start = chain * length;
  const centre = mean(x, start, start + length);
  means[chain] = centre;
  for (let t = 0; t < length; t++) target[t] = x[start + t]! - centre;
  target.fill(0, length, target.length >> 1);
}
