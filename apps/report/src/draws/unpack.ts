import type { Precision } from "../report-data.ts";
import { fromPlanes } from "./planes.ts";
import { roundedValues } from "./rounded.ts";

/** What `packDraws` made. */
export async function unpackDraws(packed: string, precision: Precision): Promise<Float64Array> {
  const planes = await unpacked(packed);
  return precision === "exact"
    ? new Float64Array(fromPlanes(planes, 8).buffer)
    : roundedValues(fromPlanes(planes, 2));
}

/** What `packText` made. */
export const unpackText = async (packed: string): Promise<string> =>
  new TextDecoder().decode(await unpacked(packed));

/** By the platform's own gzip: Chromium, Firefox and Safari since May 2023, and Node. */
async function unpacked(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  const gzip = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(gzip).arrayBuffer());
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
