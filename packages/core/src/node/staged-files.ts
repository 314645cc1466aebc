import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../input-error.ts";
import { errorCode } from "./text-file.ts";

export type StagedFile = {
  readonly name: string;
} & (
  | {
      /** The text in pieces, taken one by one as they are written; or bytes. */
      readonly text: Iterable<string> | AsyncIterable<string> | Uint8Array;
    }
  | {
      /** Name in the same folder of a file that is whole already: it is only renamed, and stays where something fails. */
      readonly staged: string;
    }
);

export interface WriteOptions {
  /** Names of files of an earlier writing that go. */
  readonly remove?: readonly string[];
  /** What the folder is, for messages: "the run folder". */
  readonly what?: string;
}

/** Pieces are gathered to this many characters for one write. */
const WRITE = 1 << 20;

/**
 * Writes files that belong together into a folder, which is made where it does not exist. All are
 * written whole under temporary names beside their places before any is touched. Then the earlier last
 * file goes first, with those named in `remove`, and the new last file comes last: where it is, the
 * others are of the same writing, whatever interrupts.
 */
export async function writeFiles(
  dir: string,
  files: readonly StagedFile[],
  { remove = [], what = "" }: WriteOptions = {},
): Promise<void> {
  const suffix = `${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  const temporary = (file: StagedFile): string =>
    join(dir, "staged" in file ? file.staged : `.${file.name}.${suffix}`);
  try {
    await makeFolder(dir);
    try {
      for (const file of files) if ("text" in file) await writeNew(temporary(file), file.text);
      const last = files.at(-1);
      if (last !== undefined && files.length > 1) await rm(join(dir, last.name), { force: true });
      for (const name of remove) await rm(join(dir, name), { force: true });
      for (const file of files) await rename(temporary(file), join(dir, file.name));
    } catch (error) {
      for (const file of files) if ("text" in file) await rm(temporary(file), { force: true });
      throw error;
    }
  } catch (error) {
    throw cannotWrite(dir, error, what);
  }
}

/** Writes a file that must not exist yet, and sees it onto the disk. */
export async function writeNew(
  path: string,
  text: Iterable<string> | AsyncIterable<string> | Uint8Array,
): Promise<void> {
  const file = await open(path, "wx");
  try {
    const bytes = text instanceof Uint8Array;
    if (bytes) await file.writeFile(text);
    let pieces: string[] = [];
    let length = 0;
    for await (const piece of bytes ? [] : text) {
      pieces.push(piece);
      length += piece.length;
      if (length < WRITE) continue;
      await writeAll(file, pieces.join(""));
      pieces = [];
      length = 0;
    }
    await writeAll(file, pieces.join(""));
    // On disk before it is renamed: a rename may outlive a power cut that its contents do not.
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; ) from += (await file.write(bytes, from)).bytesWritten;
}

/**
 * `mkdir -p`. Node's own (24.21, `recursive: true`) never returns where a folder that exists answers
 * ENOENT to a new entry, as /proc does.
 */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST" && (await stat(dir)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await mkdir(dir);
  }
}

/** The InputError for what the disk threw; any other error as it is. `what`: as in WriteOptions. */
export function cannotWrite(
  dir: string,
  error: unknown,
  what: string,
  wayOut = "choose another place for it",
): unknown {
  const code = errorCode(error);
  if (code === null) return error;
  const why =
    code === "EEXIST" || code === "ENOTDIR"
      ? "is not a folder, or lies below a file"
      : code === "ENOSPC"
        ? "cannot be written, the disk is full (ENOSPC)"
        : `cannot be written (${code})`;
  return new InputError(`${what && `${what} `}${why}; ${wayOut}`, { file: dir });
}
