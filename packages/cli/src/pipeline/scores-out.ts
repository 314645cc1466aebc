import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import { InputError } from "@bridgewise/core";

/** First bytes of every SQLite database. */
const SQLITE = "SQLite format 3\0";

/**
 * The file that a command writes scores to, `flag`. A store, or a file of `read`, is an InputError: it would be
 * lost.
 */
export function scoresOut(file: string, flag: string, read: readonly string[]): string {
  const there = resolved(file);
  if (there === undefined) return file;
  if (startsAsDatabase(there))
    throw new InputError(`is a store, which ${flag} would replace; name another file`, { file });
  if (read.some((source) => resolved(source) === there))
    throw new InputError(`is read here, ${flag} would replace it; name another file`, { file });
  return file;
}

/** Where a path leads to; undefined where nothing is there. */
function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function startsAsDatabase(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const head = Buffer.alloc(SQLITE.length);
    readSync(file, head);
    return head.toString("latin1") === SQLITE;
  } catch {
    // a folder, or not readable: writing tells
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
