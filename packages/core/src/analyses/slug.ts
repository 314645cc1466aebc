/** A name as a part of a folder's name: letters, digits, `-` and `_`, other characters in it as one `-`. */
export function slug(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, "-").replace(/^-+|-+$/g, "");
  return plain === "" ? "x" : plain;
}
