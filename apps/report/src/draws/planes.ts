/**
 * Numbers of `width` bytes each, rearranged so that the first bytes of all stand together, then the second, and so on: the high bytes
 * of draws are alike, and packed well only beside one another.
 */
export function toPlanes(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < count; i++)
    for (let b = 0; b < width; b++) planes[b * count + i] = bytes[i * width + b]!;
  return planes;
}

/** The inverse of `toPlanes`. */
export function fromPlanes(planes: Uint8Array, width: number): Uint8Array {
  const count = planes.length / width;
  const bytes = new Uint8Array(planes.length);
  for (let i = 0; i < count; i++)
    for (let b = 0; b < width; b++) bytes[i * width + b] = planes[b * count + i]!;
  return bytes;
}
