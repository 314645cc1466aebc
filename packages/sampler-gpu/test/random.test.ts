import { describe, expect, it } from "vitest";
import { fillNormals, philox, STREAM, seedFrom, uniform } from "../src/random/philox.ts";
import { KernelMemory, lanesOf } from "../src/simd/kernel.ts";
import { reals } from "../src/simd/latent-memory.ts";

const hex = (words: Uint32Array): string =>
  Array.from(words, (w) => w.toString(16).padStart(8, "0")).join(" ");

describe("philox", () => {
  it("gives the known answers of Random123 (kat_vectors, philox4x32-10)", () => {
    const out = new Uint32Array(4);
    philox(0, 0, 0, 0, 0, 0, out);
    expect(hex(out)).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
    philox(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, out);
    expect(hex(out)).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
    philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, out);
    expect(hex(out)).toBe("d16cfe09 94fdcceb 5001e420 24126ea1");
  });

  it("depends on every part of the key", () => {
    const seed = seedFrom(7);
    const at = [
      uniform(seed, 0, 0, 0),
      uniform(seed, 1, 0, 0),
      uniform(seed, 0, 1, 0),
      uniform(seed, 0, 0, 1),
      uniform(seedFrom(8), 0, 0, 0),
      uniform(seedFrom(7 + 2 ** 32), 0, 0, 0),
    ];
    expect(new Set(at).size).toBe(at.length);
    expect(at.every((u) => u >= 0 && u < 1)).toBe(true);
  });
});

describe("the kernel's momentum", () => {
  it.each([2, 4])("is the same stream as the plain one, %i lanes", async (lanes) => {
    const n = 1001;
    const memory = new KernelMemory();
    const [p, chains, out] = [memory.reserve(8 * n * lanes), memory.reserve(16), memory.reserve(8 * lanes)];
    const {
      kernels: [kernel],
      buffer,
    } = await memory.instantiate("float64");
    const ids = [3, 0, 70000, 1].slice(0, lanes);
    new Int32Array(buffer, chains!, 4).set([0, 1, 2, 3].map((c) => ids[c % lanes]!));
    const seed = seedFrom(123456789012);
    kernel.drawMomentum(
      lanes / 2,
      n,
      p!,
      4_000_000_000,
      chains!,
      STREAM.latentMomentum,
      seed.low,
      seed.high,
      out!,
    );
    const values = new Float64Array(buffer, p!, n * lanes);
    const plain = new Float64Array(n);
    let largest = 0;
    ids.forEach((id, c) => {
      fillNormals(plain, n, seed, id, 4_000_000_000, STREAM.latentMomentum);
      let squares = 0;
      for (let i = 0; i < n; i++) {
        largest = Math.max(largest, Math.abs(values[i * lanes + c]! - plain[i]!));
        squares += plain[i]! ** 2;
      }
      expect(new Float64Array(buffer, out!, lanes)[c]! / squares).toBeCloseTo(1, 12);
    });
    expect(largest).toBeLessThan(1e-14);
  });

  it.each(["float64", "float32"] as const)(
    "is standard normal in %s: moments and Kolmogorov-Smirnov distance of 400,000",
    async (precision) => {
      const n = 400_000 / lanesOf(precision);
      const memory = new KernelMemory();
      const [p, chains, out] = [memory.reserve(8 * 400_000), memory.reserve(16), memory.reserve(32)];
      const {
        kernels: [kernel],
        buffer,
      } = await memory.instantiate(precision);
      new Int32Array(buffer, chains!, 4).set(precision === "float64" ? [0, 1, 0, 1] : [0, 1, 2, 3]);
      kernel.drawMomentum(1, n, p!, 0, chains!, 0, 1, 0, out!);
      const drawn = reals(precision, buffer, p!, 400_000);
      const squares = new Float64Array(buffer, out!, lanesOf(precision));
      const sums = new Float64Array(squares.length);
      drawn.forEach((v: number, i: number) => {
        sums[i % sums.length]! += v * v;
      });
      squares.forEach((s, c) => {
        expect(s / sums[c]!).toBeCloseTo(1, 6);
      });
      const values = Float64Array.from(drawn).sort();
      const size = values.length;
      let mean = 0;
      let variance = 0;
      let distance = 0;
      values.forEach((v, i) => {
        mean += v / size;
        variance += v ** 2 / size;
        distance = Math.max(distance, Math.abs((i + 0.5) / size - normalCdf(v)));
      });
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(size));
      // no two chains and no two of a counter's numbers alike
      expect(new Set(values.subarray(0, 1000)).size).toBeGreaterThan(990);
      expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
      // 1.95 / sqrt(n): exceeded once in a thousand
      expect(distance).toBeLessThan(1.95 / Math.sqrt(size));
    },
  );
});

/** Marsaglia's series (2004), exact to double precision for |x| < 6. */
function normalCdf(x: number): number {
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-17; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
