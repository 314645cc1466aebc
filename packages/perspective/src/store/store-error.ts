import { InputError } from "@bridgewise/core";

/** The store could not be written: what was written stays, the work has to stop. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const CODES: Readonly<Record<number, (file: string) => Error>> = {
  5: (file) => new StoreError(`${file}: another process held it for half a minute; run it again`),
  6: (file) => new StoreError(`${file}: is locked by another process; run it again`),
  8: (file) => new InputError("cannot be written, it is read-only; name another file", { file }),
  10: (file) => new StoreError(`${file}: the disk failed to read or write; what was written before is kept`),
  11: (file) => corrupt(file),
  13: (file) =>
    new StoreError(`${file}: the disk is full; what was written is kept, make room and run it again`),
  14: (file) => new InputError("cannot be opened; its folder has to exist and be writable", { file }),
  26: (file) => new InputError("is no SQLite database; name the store of scores, or a new file", { file }),
};

export function corrupt(file: string): InputError {
  return new InputError(
    `is damaged (SQLite); take what can be read with: sqlite3 ${file} .recover, or a copy you kept`,
    { file },
  );
}

/** What SQLite threw as an error with a way out; any other error as it is. */
export function storeError(error: unknown, file: string): unknown {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  if (typeof code !== "number") return error;
  return CODES[code & 0xff]?.(file) ?? new StoreError(`${file}: ${(error as Error).message}`);
}
