import { stat } from "node:fs/promises";
import { InputError } from "../input-error.ts";
import { DrawsReader } from "./draws-reader.ts";
import { type RunFolder, readRunFolder } from "./run-folder.ts";
import { errorCode } from "./text-file.ts";

/** Draws to be read variable by variable, and the run that they are of where its folder was given. */
export interface OpenedDraws {
  /** The caller closes it. */
  readonly draws: DrawsReader;
  readonly run?: RunFolder;
}

/** Opens the draws of a run folder, or a file of draws such as its draws.arrow. What is neither gives an InputError. */
export async function openDraws(path: string): Promise<OpenedDraws> {
  if (await isFile(path)) return { draws: await DrawsReader.open(path) };
  const run = await readRunFolder(path);
  return { draws: await run.openDraws(), run };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    const why =
      code === "ENOENT" || code === "ENOTDIR" ? "no such run folder or file" : `cannot be read (${code})`;
    throw new InputError(`${why}; give the folder that a fit wrote, or its draws.arrow`, { file: path });
  }
}
