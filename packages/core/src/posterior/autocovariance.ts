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

/**
 * Autocovariance at lags 0 to length - 1, averaged over chains: the biased estimate (divisor length at
 * every lag; Geyer 1992, doi:10.1214/ss/1177011137, section 3.1), each chain around its own mean.
 * x: [chains][length], `means`: [chains] (filled). The result lives in `buffers.lags`.
 *
 * Two chains make one complex sequence z = x + i y, for which Re IFFT(|FFT z|^2) is the sum of both
 * autocovariances; power spectra are added up first, so that all chains share one inverse transform.
 */
export function meanAutocovariance(
  x: Float64Array,
  means: Float64Array,
  buffers: AutocovarianceBuffers = autocovarianceBuffers(x.length / means.length),
): Float64Array {
  const { length, fft, re, im, power, lags } = buffers;
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
  return lags;
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
