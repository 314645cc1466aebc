import { createHash } from "node:crypto";
import { copyFile, link, readFile } from "node:fs/promises";

const MARK = "// bridgewise-report/1";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A script that says in its first line of what it was made, and what its text must hash to. */
export const stamp = (key: string, text: string): string => `${MARK} ${key} ${sha256(text)}\n${text}`;

/** The script without its first line. */
export const unstamped = (text: string): string =>
  text.startsWith(MARK) ? text.slice(text.indexOf("\n") + 1) : text;

/** Takes over a script of an earlier report where it was made of the same, and is whole: the file itself, so that its date stays. */
export async function takeOver(file: string, key: string, to: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined || text !== stamp(key, unstamped(text))) return false;
  // not every file system has links
  await link(file, to).catch(() => copyFile(file, to));
  return true;
}
