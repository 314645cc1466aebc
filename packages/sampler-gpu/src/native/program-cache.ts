import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programFolder } from "./cache-folder.ts";

const FILE = "saved_model.pb";

/**
 * A program's folder in the user's cache, named by its content: a program that is known is not written again. It holds functions
 * and shapes, no data.
 */
export async function cachedProgram(name: string, bytes: Uint8Array): Promise<string> {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const folder = join(programFolder(), `${name}-${digest}`);
  if (existsSync(join(folder, FILE))) return folder;
  await mkdir(programFolder(), { recursive: true });
  const temporary = await mkdtemp(`${folder}.tmp-`);
  await writeFile(join(temporary, FILE), bytes);
  try {
    await rename(temporary, folder);
  } catch (error) {
    // another process was faster
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(join(folder, FILE))) throw error;
  }
  return folder;
}

/** Writes a program for as long as `load` takes: one that holds data is not kept. */
export async function temporaryProgram<A>(bytes: Uint8Array, load: (folder: string) => A): Promise<A> {
  const folder = await mkdtemp(join(tmpdir(), "bridgewise-program-"));
  try {
    await writeFile(join(folder, FILE), bytes);
    return load(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
