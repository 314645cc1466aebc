import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { InputError } from "../input-error.ts";

const PIECE = 1 << 20;

/** A file's text in pieces; one that cannot be read, or is not UTF-8, is an InputError with `wayOut`. */
export async function* readText(file: string, wayOut: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: PIECE })) {
      yield decoder.decode(bytes as Uint8Array, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw cannotRead(error, file, wayOut);
  }
}

/** The InputError for what the disk or the decoder threw; any other error as it is. */
export function cannotRead(error: unknown, file: string, wayOut: string): unknown {
  const code = errorCode(error);
  if (code === null) return error;
  const why =
    code === "ENOENT" || code === "ENOTDIR"
      ? "not found"
      : code === "EISDIR"
        ? "is a folder, not a file"
        : code === "ERR_ENCODING_INVALID_ENCODED_DATA"
          ? "is not UTF-8 text"
          : `cannot be read (${code})`;
  return new InputError(`${why}; ${wayOut}`, { file });
}

/** The system's or Node's error code (`ENOENT`), null for any other error. */
export function errorCode(error: unknown): string | null {
  if (error instanceof InputError) return null;
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Whether something is at a path; what may not be looked at is an InputError. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw cannotRead(error, path, "check its permissions");
  }
}
