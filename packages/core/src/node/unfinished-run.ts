/**
 * A run under way, in the folder that will hold it: `draws.arrow.partial` and `checkpoint.bin.partial`. An earlier run in the folder
 * stays whole until the new one takes its place. Then the draws, the checkpoint, and last the manifest get their names, so that a
 * checkpoint without a manifest is a run that was stopped between two of those.
 */
import { constants, copyFile, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { cannotWrite, makeFolder } from "./staged-files.ts";
import { errorCode, isThere } from "./text-file.ts";

export const MANIFEST = "manifest.json";
export const DRAWS = "draws.arrow";
export const CHECKPOINT = "checkpoint.bin";
/** What `bridgewise hypothesis --save` keeps: of these draws, and gone with them. */
export const HYPOTHESES = "hypotheses.json";
export const partial = (name: string): string => `${name}.partial`;
const TEMPORARY = `.${CHECKPOINT}.tmp`;

/** Whether a run in this folder was finished, whatever else is under way in it. */
export const isFinished = (dir: string): Promise<boolean> => isThere(join(dir, MANIFEST));

/** Where the draws of a run under way are written. */
export const partialDraws = (dir: string): string => join(dir, partial(DRAWS));

/** The latest checkpoint of the run under way in a folder, undefined where there is none. */
export async function unfinishedCheckpoint(dir: string): Promise<Uint8Array | undefined> {
  const found = await readIfThere(join(dir, partial(CHECKPOINT)));
  if (found || (await isFinished(dir))) return found;
  // stopped while the files got their names
  return readIfThere(join(dir, CHECKPOINT));
}

/** The last checkpoint of the finished run in a folder, undefined where none was kept. */
export const finishedCheckpoint = (dir: string): Promise<Uint8Array | undefined> =>
  readIfThere(join(dir, CHECKPOINT));

/** Replaces the run's checkpoint, whole or not at all. */
export async function saveCheckpoint(dir: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dir, TEMPORARY);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(dir, partial(CHECKPOINT)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Sees to it that the draws stand under their partial name: those of a run that is gone on with, or a copy of a finished run's that
 * is made longer.
 */
export async function takeUpDraws(dir: string, from: "finished" | "unfinished"): Promise<void> {
  if (from === "unfinished" && ((await isThere(partialDraws(dir))) || (await isFinished(dir)))) return;
  const draws = join(dir, DRAWS);
  if (!(await isThere(draws)))
    throw new InputError("not found, the run folder is incomplete; run the fit again with --force", {
      file: draws,
    });
  if (from === "finished") await copyFile(draws, partialDraws(dir), constants.COPYFILE_FICLONE);
  else await rename(draws, partialDraws(dir));
}

/** Takes away what is left of a run under way. */
export async function discardUnfinished(dir: string): Promise<void> {
  const leftovers = [partial(DRAWS), partial(CHECKPOINT), TEMPORARY];
  if (!(await isFinished(dir))) leftovers.push(CHECKPOINT);
  for (const name of leftovers) await rm(join(dir, name), { force: true });
}

/** Makes the folder where it does not exist. */
export const makeRunFolder = (dir: string): Promise<void> => writingTo(dir, () => makeFolder(dir));

/** Runs work that writes to a run folder; what the disk refuses is an InputError. */
export async function writingTo<A>(dir: string, work: () => Promise<A>): Promise<A> {
  try {
    return await work();
  } catch (error) {
    const wayOut =
      errorCode(error) === "ENOSPC"
        ? "make room and run it again: what the latest checkpoint holds is kept"
        : "choose another place for it";
    throw cannotWrite(dir, error, "the run folder", wayOut);
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === null) throw error;
    throw new InputError(`cannot be read (${code}); check its permissions`, { file });
  }
}
