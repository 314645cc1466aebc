import { describe, expect, test } from "vitest";
import { autocovarianceBuffers, meanAutocovariance } from "../../src/posterior/autocovariance.ts";
import { createFft, forwardPadded, inverse } from "../../src/posterior/fft.ts";
import { autoregressive, uniforms } from "./random.ts";

function reverseBits(k: number, bits: number): number {
  let reversed = 0;
  for (let b = 0; b < bits; b++) reversed |= ((k >> b) & 1) << (bits - 1 - b);
  return reversed;
}

describe("fft", () => {
  test.each([8, 16, 64, 512])("forward against the sum that defines it, and back (size %d)", (size) => {
    const next = uniforms(size);
    const re = Float64Array.from({ length: size }, (_, t) => (t < size / 2 ? next() - 0.5 : Number.NaN));
    const im = Float64Array.from({ length: size }, (_, t) => (t < size / 2 ? next() - 0.5 : Number.NaN));
    const [re0, im0] = [re.slice(), im.slice()];
    const fft = createFft(size);
    forwardPadded(fft, re, im);
    for (let k = 0; k < size; k++) {
      let [r, i] = [0, 0];
      for (let t = 0; t < size / 2; t++) {
        const angle = (-2 * Math.PI * ((k * t) % size)) / size;
        r += re0[t]! * Math.cos(angle) - im0[t]! * Math.sin(angle);
        i += re0[t]! * Math.sin(angle) + im0[t]! * Math.cos(angle);
      }
      const at = reverseBits(k, Math.log2(size));
      expect(Math.abs(re[at]! - r)).toBeLessThan(1e-12);
      expect(Math.abs(im[at]! - i)).toBeLessThan(1e-12);
    }
    inverse(fft, re, im);
    for (let t = 0; t < size; t++) {
      const padding = t >= size / 2;
      expect(Math.abs(re[t]! / size - (padding ? 0 : re0[t]!))).toBeLessThan(1e-15);
      expect(Math.abs(im[t]! / size - (padding ? 0 : im0[t]!))).toBeLessThan(1e-15);
    }
  });

  test.each([0, 4, 12])("refuses size %d", (size) => {
    expect(() => createFft(size)).toThrow(RangeError);
  });
});

describe("meanAutocovariance", () => {
  test.each([
    [1, 3],
    [2, 16],
    [3, 51],
    [8, 100],
  ])("%d chains of %d against direct sums", (chains, length) => {
    const x = autoregressive(chains, chains, length, 0.6).map((value) => 1e3 + value);
    const means = new Float64Array(chains);
    const lags = meanAutocovariance(x, means);
    for (let lag = 0; lag < length; lag++) {
      const found = lags(lag);
      let sum = 0;
      for (let c = 0; c < chains; c++) {
        const chain = x.subarray(c * length, (c + 1) * length);
        const centre = chain.reduce((a, b) => a + b) / length;
        expect(Math.abs(means[c]! - centre)).toBeLessThan(1e-11);
        for (let t = 0; t + lag < length; t++) sum += (chain[t]! - centre) * (chain[t + lag]! - centre);
      }
      expect(Math.abs(found - sum / length / chains)).toBeLessThan(1e-12);
    }
  });

  // 4,096 draws leave no padding between the first lags and the other half of the transform's memory
  test.each([
    [1, 4096],
    [4, 4096],
    [3, 5001],
  ])("%d long chains of %d, the first lags summed and the others transformed", (chains, length) => {
    const x = autoregressive(chains, chains, length, 0.6);
    const buffers = autocovarianceBuffers(length);
    // what an earlier variable left behind
    meanAutocovariance(
      x.map((value) => 1 - value),
      new Float64Array(chains),
      buffers,
    )(length - 1);
    const lags = meanAutocovariance(x, new Float64Array(chains), buffers);
    for (const lag of [0, 1, 7, 8, 9, 62, 63, 64, 65, 100, 63, 0, length - 1]) {
      let sum = 0;
      for (let c = 0; c < chains; c++) {
        const chain = x.subarray(c * length, (c + 1) * length);
        const centre = chain.reduce((a, b) => a + b) / length;
        for (let t = 0; t + lag < length; t++) sum += (chain[t]! - centre) * (chain[t + lag]! - centre);
      }
      expect(Math.abs(lags(lag) - sum / length / chains)).toBeLessThan(1e-12);
    }
  });
});
