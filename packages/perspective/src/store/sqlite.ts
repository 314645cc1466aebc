import { InputError } from "@bridgewise/core";

type Sqlite = typeof import("node:sqlite");
export type Database = import("node:sqlite").DatabaseSync;

let loaded: Sqlite | undefined;

/**
 * Node's SQLite. Node 22.13 and newer have it without a flag; 22 and 23 warn that it is experimental, which says
 * nothing to the person who scores texts: that one warning is left out.
 */
export function sqlite(): Sqlite {
  if (loaded !== undefined) return loaded;
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("SQLite")) (emit as (...args: unknown[]) => void)(warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    loaded = process.getBuiltinModule("node:sqlite") as Sqlite | undefined;
  } finally {
    process.emitWarning = emit;
  }
  if (loaded === undefined)
    throw new InputError(`the store needs Node 22.13 or newer (here ${process.version}): its SQLite`);
  return loaded;
}
