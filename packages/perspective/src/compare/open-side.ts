import { open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, sha256Hex } from "@bridgewise/core";
import type { Corpus } from "../corpus/corpus.ts";
import { openRecords } from "../corpus/records.ts";
import { importScores } from "../store/import-scores.ts";
import { chooseKey } from "../store/queries.ts";
import { requireFile, ScoreStore } from "../store/store.ts";
import type { ScoreSide } from "./compare-scores.ts";

export interface OpenSideRequest {
  /** `FILE` or `FILE:PROVIDER`; a store, or a scores file. */
  readonly operand: string;
  /** Needed where a provider was asked in several languages. */
  readonly language?: string | undefined;
  /** Texts of scores files that name them by id. */
  readonly corpus?: Corpus | undefined;
  /** Take ids for texts: both files name them so, and there is no corpus. */
  readonly byId?: boolean | undefined;
}

/** Opens what `scores compare` is given. A scores file is read into a database of its own that goes with it. */
export async function openSide(request: OpenSideRequest): Promise<ScoreSide> {
  const { file, provider } = await splitOperand(request.operand);
  const wanted = { provider, language: request.language };
  if (await isSqlite(file)) {
    const store = new ScoreStore(file, { create: false });
    try {
      const key = chooseKey(store, wanted, `${file}:PROVIDER`);
      return { label: key.provider, store, key };
    } catch (error) {
      store.close();
      throw error;
    }
  }
  // SQLite's name of a database on the disk that is its connection's own
  const store = new ScoreStore("");
  try {
    await importScores({
      store,
      file,
      provider: provider ?? basename(file),
      language: request.language,
      corpus: request.corpus,
      ...(request.byId && { hashOfId: (column, id) => sha256Hex(`${column} ${id}`) }),
    });
    const key = chooseKey(store, wanted, `${file}:PROVIDER`, file);
    return { label: key.provider, store, key };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Whether a scores file names its texts by id; a store does not. */
export async function namesById(operand: string): Promise<boolean> {
  const { file } = await splitOperand(operand);
  if (await isSqlite(file)) return false;
  for await (const { fields } of openRecords(file, WAY_OUT)) return fields["text_sha256"] === undefined;
  return false;
}

const WAY_OUT = "give a store or a scores file, FILE or FILE:PROVIDER";

/** The longest beginning up to a colon that is a file, and what follows: providers' names have colons too. */
async function splitOperand(operand: string): Promise<{ file: string; provider?: string | undefined }> {
  for (let end = operand.length; end > 0; end = operand.lastIndexOf(":", end - 1)) {
    const file = operand.slice(0, end);
    if (!(await isFile(file))) continue;
    return end === operand.length ? { file } : { file, provider: operand.slice(end + 1) };
  }
  throw new InputError(`not found; ${WAY_OUT}`, { file: operand });
}

async function isFile(path: string): Promise<boolean> {
  try {
    requireFile(path);
    return true;
  } catch {
    return false;
  }
}

async function isSqlite(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return bytesRead === 16 && buffer.toString("latin1") === "SQLite format 3\0";
  } finally {
    await handle.close();
  }
}
