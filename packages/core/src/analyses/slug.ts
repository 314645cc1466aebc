/** Longest part of a folder's name that is made from a name. */
const LONGEST = 80;

/** A name as a part of a folder's name: letters, digits, `-` and `_`, other characters in it as one `-`; the beginning of a long one. */
export function slug(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "x" : plain;
}
