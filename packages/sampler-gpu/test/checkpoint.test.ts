import { describe, expect, test } from "vitest";
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from "../src/driver/checkpoint.ts";
import { crc32 } from "../src/driver/crc32.ts";

const value = {
  text: "ü",
  odd: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, undefined, null, true, 1e-320],
  arrays: {
    floats: Float64Array.of(Number.NaN, -0, 5e-324, 1 / 3),
    ints: Int32Array.of(-1, 7, 9),
    none: new Float32Array(0),
    bytes: Uint8Array.of(1, 2, 255),
    // a view into a larger buffer
    part: new Float64Array([1, 2, 3, 4]).subarray(1, 3),
  },
};

describe("a checkpoint", () => {
  test("comes back to the bit", () => {
    const back = decodeCheckpoint(encodeCheckpoint(value)) as typeof value;
    expect(back).toEqual(value);
    expect(back.odd.map((x) => Object.is(x, -0))).toEqual(value.odd.map((x) => Object.is(x, -0)));
    expect(new Uint8Array(back.arrays.floats.buffer)).toEqual(new Uint8Array(value.arrays.floats.buffer));
  });

  test("is read from any place in memory", () => {
    const bytes = encodeCheckpoint(value);
    const pool = new Uint8Array(bytes.length + 9);
    pool.set(bytes, 3);
    expect(decodeCheckpoint(pool.subarray(3, 3 + bytes.length))).toEqual(value);
  });

  test("that was cut off, changed in any byte or is something else is refused", () => {
    const bytes = encodeCheckpoint(value);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(CheckpointError);
    for (let at = 0; at < bytes.length; at++) {
      const broken = bytes.slice();
      broken[at]! ^= 4;
      expect(() => decodeCheckpoint(broken)).toThrow(CheckpointError);
    }
  });

  test("of a later format says so", () => {
    const bytes = encodeCheckpoint(value);
    bytes[8] = 2;
    expect(() => decodeCheckpoint(bytes)).toThrow("is a checkpoint of format 2, this is for format 1");
  });

  test("holds plain data only", () => {
    expect(() => encodeCheckpoint({ f: () => 1 })).toThrow("a checkpoint cannot hold a function");
    expect(() => encodeCheckpoint({ x: BigInt64Array.of(1n) })).toThrow("cannot hold a BigInt64Array");
  });
});

test("CRC-32 of the check text", () => {
  // the value that every description of CRC-32 gives for these nine bytes
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
