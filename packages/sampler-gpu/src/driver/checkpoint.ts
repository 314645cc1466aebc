/**
 * A checkpoint: plain data with typed arrays, as bytes. Numbers come back to the bit.
 *
 *     "BRDGWISE"  version u32  header bytes u32  header (JSON, UTF-8)  zeros to a multiple of 8
 *     the arrays, each from a multiple of 8 on  CRC-32 of all before, u32
 *
 * All little-endian. In the header a typed array is `{"$": "Float64Array", "at": byte, "length": n}` with `at` counted from the first
 * array, and what JSON has no word for is `{"$": "NaN"}`, `{"$": "-0"}`, `{"$": "undefined"}` and the like.
 */
import { crc32 } from "./crc32.ts";

const MAGIC = new TextEncoder().encode("BRDGWISE");
const VERSION = 1;
const HEAD = 16;

const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

const WORDS: Readonly<Record<string, number | undefined>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
  undefined: undefined,
};

/** The bytes are not a whole checkpoint of this format; `message` says what they are instead. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Bytes of numbers, texts, booleans, null, lists, plain objects and typed arrays in them. TypeError for anything else. */
export function encodeCheckpoint(value: unknown): Uint8Array {
  const arrays: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  let size = 0;
  const describe = (v: unknown): unknown => {
    if (v === undefined) return { $: "undefined" };
    if (typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0)))
      return { $: Object.is(v, -0) ? "-0" : String(v) };
    if (v === null || typeof v === "number" || typeof v === "string" || typeof v === "boolean") return v;
    if (Array.isArray(v)) return v.map(describe);
    if (ArrayBuffer.isView(v)) {
      const name = v.constructor.name;
      if (!Object.hasOwn(ARRAYS, name)) throw new TypeError(`a checkpoint cannot hold a ${name}`);
      const at = size;
      arrays.push({ bytes: new Uint8Array(v.buffer, v.byteOffset, v.byteLength), at });
      size = aligned(size + v.byteLength);
      return { $: name, at, length: (v as TypedArray).length };
    }
    if (typeof v !== "object" || Object.hasOwn(v, "$"))
      throw new TypeError(`a checkpoint cannot hold a ${typeof v}`);
    return Object.fromEntries(Object.entries(v).map(([key, entry]) => [key, describe(entry)]));
  };
  const header = new TextEncoder().encode(JSON.stringify(describe(value)));
  const first = aligned(HEAD + header.length);
  const bytes = new Uint8Array(first + size + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, header.length, true);
  bytes.set(header, HEAD);
  for (const array of arrays) bytes.set(array.bytes, first + array.at);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

/** What was encoded. CheckpointError where the bytes are cut off, damaged or of another version. */
export function decodeCheckpoint(bytes: Uint8Array): unknown {
  if (bytes.length < HEAD + 4 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new CheckpointError("is not a checkpoint");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(8, true);
  if (version !== VERSION)
    throw new CheckpointError(`is a checkpoint of format ${version}, this is for format ${VERSION}`);
  if (crc32(bytes.subarray(0, bytes.length - 4)) !== view.getUint32(bytes.length - 4, true))
    throw new CheckpointError("is damaged or cut off: its checksum is wrong");
  const length = view.getUint32(12, true);
  const first = aligned(HEAD + length);
  const revive = (v: unknown): unknown => {
    if (typeof v !== "object" || v === null) return v;
    if (Array.isArray(v)) return v.map(revive);
    if (!("$" in v)) return Object.fromEntries(Object.entries(v).map(([key, entry]) => [key, revive(entry)]));
    const { $: name, at, length: count } = v as { $: string; at: number; length: number };
    if (Object.hasOwn(WORDS, name)) return WORDS[name];
    const make = ARRAYS[name as ArrayName];
    const from = bytes.byteOffset + first + at;
    // a copy: its place in memory need not be a multiple of 8
    return new make(bytes.buffer.slice(from, from + count * make.BYTES_PER_ELEMENT) as ArrayBuffer);
  };
  return revive(JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, HEAD + length))));
}
