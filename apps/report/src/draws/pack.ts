import { gzipSync } from "node:zlib";
import type { Precision } from "../report-data.ts";
import { toPlanes } from "./planes.ts";
import { roundedBytes } from "./rounded.ts";

/** Draws of one variable, [chains][draws], as a single file holds them: gzip, base64. */
export function packDraws(values: Float64Array, precision: Precision): string {
  const exact = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return packed(precision === "exact" ? toPlanes(exact, 8) : toPlanes(roundedBytes(values), 2));
}

/** A text as a single file holds it. */
export const packText = (text: string): string => packed(Buffer.from(text));

const packed = (bytes: Uint8Array): string => gzipSync(bytes, { level: 9 }).toString("base64");
