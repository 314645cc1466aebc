import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cannotWrite, makeFolder } from "./staged-files.ts";

/**
 * Writes files by a function that gets temporary names beside their places, then gives them their own; their folders are made where
 * they do not exist. Where something fails, the places are as they were. What the disk refuses is an InputError.
 */
export async function replaceFiles(
  paths: readonly string[],
  write: (temporaries: readonly string[]) => Promise<void>,
): Promise<void> {
  const suffix = `${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  const temporaries = paths.map((path) => join(dirname(path), `.${basename(path)}.${suffix}`));
  try {
    for (const path of paths) await makeFolder(dirname(path));
    try {
      await write(temporaries);
      for (const temporary of temporaries) await syncFile(temporary);
      for (const [k, path] of paths.entries()) await rename(temporaries[k]!, path);
    } catch (error) {
      for (const temporary of temporaries) await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw cannotWrite(paths[0]!, error, "");
  }
}

/** Onto the disk before it is renamed: a rename may outlive a power cut that its contents do not. */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
