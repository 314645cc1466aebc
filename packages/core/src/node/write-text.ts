import { basename, dirname } from "node:path";
import { writeFiles } from "./staged-files.ts";

/** Writes one file whole under a temporary name, then renames it; its folder is made. What the disk refuses is an InputError. */
export async function writeText(path: string, text: Iterable<string>): Promise<void> {
  await writeFiles(dirname(path), [{ name: basename(path), text }]);
}
