import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../input-error.ts";
import type { Draws } from "../posterior/draws.ts";
import { drawsFromArrow, drawsToArrow } from "../run/arrow.ts";
import type { RunDiagnostics, RunManifest, RunSummary } from "../run/run.ts";
import { diagnosticsShape, manifestShape, summaryShape } from "../run/run-shapes.ts";
import type { Shape } from "../run/shape.ts";
import { DrawsReader } from "./draws-reader.ts";
import { writeFiles } from "./staged-files.ts";
import { errorCode, isThere } from "./text-file.ts";
import { CHECKPOINT, DRAWS, HYPOTHESES, MANIFEST, partial } from "./unfinished-run.ts";

const SUMMARY = "summary.json";
const DIAGNOSTICS = "diagnostics.json";

export interface RunContents {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  readonly draws: Draws;
}

export interface RunFolder {
  readonly dir: string;
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  /** Reads draws.arrow, anew at each call. */
  readDraws(): Promise<Draws>;
  /** Opens draws.arrow to read it variable by variable; the caller closes the reader. */
  openDraws(): Promise<DrawsReader>;
}

/**
 * Writes a run folder, which is made where it does not exist. All files are written whole under
 * temporary names beside their places before the first is renamed, an earlier run's manifest goes
 * first and the new one comes last: a folder with a manifest is a complete run, whatever interrupts.
 * A path that cannot be written gives an InputError; contents that are not sound (a NaN) a TypeError,
 * before anything is touched.
 */
export async function writeRunFolder(dir: string, contents: RunContents): Promise<void> {
  const { manifest, summary, diagnostics, draws } = contents;
  const files = [
    { name: DRAWS, text: await drawsToArrow(draws) },
    { name: DIAGNOSTICS, text: [toJson(DIAGNOSTICS, diagnostics, diagnosticsShape)] },
    { name: SUMMARY, text: [toJson(SUMMARY, summary, summaryShape)] },
    { name: MANIFEST, text: [toJson(MANIFEST, manifest, manifestShape)] },
  ];
  // a checkpoint and hypotheses of an earlier run would belong to other draws
  await writeFiles(dir, files, { what: "the run folder", remove: [CHECKPOINT, HYPOTHESES] });
}

/**
 * Makes a run folder of an unfinished run whose draws and checkpoint are whole under their partial names: the same order and promises as
 * `writeRunFolder`.
 */
export async function finishRunFolder(
  dir: string,
  { manifest, summary, diagnostics }: Omit<RunContents, "draws">,
): Promise<void> {
  const files = [
    { name: DRAWS, staged: partial(DRAWS) },
    { name: CHECKPOINT, staged: partial(CHECKPOINT) },
    { name: DIAGNOSTICS, text: [toJson(DIAGNOSTICS, diagnostics, diagnosticsShape)] },
    { name: SUMMARY, text: [toJson(SUMMARY, summary, summaryShape)] },
    { name: MANIFEST, text: [toJson(MANIFEST, manifest, manifestShape)] },
  ];
  await writeFiles(dir, files, { what: "the run folder", remove: [HYPOTHESES] });
}

/** Replaces a finished run's manifest, as for another label. */
export async function writeManifest(dir: string, manifest: RunManifest): Promise<void> {
  const text = [toJson(MANIFEST, manifest, manifestShape)];
  await writeFiles(dir, [{ name: MANIFEST, text }], { what: "the run folder" });
}

/** Reads and checks a run folder's JSON files; what is missing or wrong gives an InputError that names the file. */
export async function readRunFolder(dir: string): Promise<RunFolder> {
  await checkFolder(dir);
  const manifest = await readJson(dir, MANIFEST, manifestShape);
  const summary = await readJson(dir, SUMMARY, summaryShape);
  const diagnostics = await readJson(dir, DIAGNOSTICS, diagnosticsShape);
  checkSize(dir, SUMMARY, summary, manifest);
  const readDraws = async (): Promise<Draws> => {
    const draws = await drawsFromArrow(await readBytes(dir, DRAWS), join(dir, DRAWS));
    checkSize(dir, DRAWS, draws, manifest);
    return draws;
  };
  const openDraws = async (): Promise<DrawsReader> => {
    const file = join(dir, DRAWS);
    const reader = await reading(dir, DRAWS, () => DrawsReader.open(file));
    try {
      checkSize(dir, DRAWS, reader, manifest);
    } catch (error) {
      await reader.close();
      throw error;
    }
    return reader;
  };
  return { dir, manifest, summary, diagnostics, readDraws, openDraws };
}

/** The text of a JSON file; a value without its shape is a TypeError. */
export function toJson<T>(name: string, value: T, shape: Shape<T>): string {
  const wrong = shape(value, "");
  // JSON.stringify would turn NaN into null without a word.
  if (wrong !== null) {
    throw new TypeError(`${name} not written: ${wrong.path} is ${wrong.found}, expected ${wrong.expected}`);
  }
  return `${JSON.stringify(value, null, 2)}\n`;
}

const readBytes = (dir: string, name: string): Promise<Uint8Array> =>
  reading(dir, name, () => readFile(join(dir, name)));

/** Reads a file of the run; one that is not there or must not be read is an InputError. */
async function reading<T>(dir: string, name: string, read: () => Promise<T>): Promise<T> {
  const file = join(dir, name);
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = errorCode(error);
    if (code === null) throw error;
    if (code !== "ENOENT") throw new InputError(`cannot be read (${code}); check its permissions`, { file });
    throw new InputError(
      name === MANIFEST
        ? "not found, so this is no finished run; run the fit again, or give the folder that a fit wrote"
        : "not found, the run folder is incomplete; run the fit again, or copy the whole folder",
      { file },
    );
  }
}

/** A run folder's file, undefined where there is none; one that is damaged or of another version is an InputError. */
export async function readJsonIfThere<T>(
  dir: string,
  name: string,
  shape: Shape<T>,
  again?: string,
): Promise<T | undefined> {
  return (await isThere(join(dir, name))) ? readJson(dir, name, shape, again) : undefined;
}

/** A JSON file of a run folder, checked. `again`: how to make it anew, for messages. */
export async function readJson<T>(
  dir: string,
  name: string,
  shape: Shape<T>,
  again = "run the fit again",
): Promise<T> {
  const file = join(dir, name);
  const content = new TextDecoder().decode(await readBytes(dir, name));
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, " ") : String(error);
    throw new InputError(`is not valid JSON (${why}); ${again}, or copy the folder again`, { file });
  }
  const wrong = shape(value, "");
  if (wrong === null) return value as T;
  if (wrong.path === "format") {
    throw new InputError(
      `'format' is ${wrong.found}, this version of bridgewise reads ${wrong.expected}; use the version that wrote it, or ${again}`,
      { file },
    );
  }
  const what = wrong.path === "" ? "it" : `'${wrong.path}'`;
  throw new InputError(
    `${what} is ${wrong.found}, expected ${wrong.expected}; ${again}, or undo the change to this file`,
    { file },
  );
}

async function checkFolder(dir: string): Promise<void> {
  try {
    if ((await stat(dir)).isDirectory()) return;
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    const why = code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`;
    throw new InputError(`the run folder ${why}; give the folder that a fit wrote`, { file: dir });
  }
  throw new InputError("is not a folder; give the run folder that a fit wrote, not a file", { file: dir });
}

/** Files of two runs in one folder would otherwise go unnoticed. */
export function checkSize(
  dir: string,
  name: string,
  found: { readonly chains: number; readonly draws: number },
  { chains, draws }: RunManifest,
): void {
  if (found.chains === chains && found.draws === draws) return;
  throw new InputError(
    `has ${found.chains} chains of ${found.draws} draws, but ${MANIFEST} says ${chains} of ${draws}: these are files of different runs; run the fit again`,
    { file: join(dir, name) },
  );
}
