import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { openPromise, type ZipFile } from "yauzl";
import { EngineError } from "./engine-error.ts";

/** What a wheel's name says (PEP 427, PEP 600). */
export interface WheelTags {
  readonly name: string;
  readonly version: string;
  /** `manylinux_2_27_x86_64` or several, joined by dots. */
  readonly platform: string;
}

export function wheelTags(file: string): WheelTags {
  const parts = basename(file, ".whl").split("-");
  const [name, version] = parts;
  const platform = parts.at(-1);
  if (!file.endsWith(".whl") || parts.length < 5 || !name || !version || !platform)
    throw new EngineError(`${file}: not named like a wheel (name-version-python-abi-platform.whl)`);
  return { name, version, platform };
}

const MACHINE: Partial<Record<NodeJS.Architecture, string>> = { x64: "x86_64", arm64: "aarch64" };

/** An error where the wheel is for another kind of machine than this, or for a newer C library. */
export function checkPlatform(
  file: string,
  {
    platform,
    arch,
    glibc,
  }: { platform: NodeJS.Platform; arch: NodeJS.Architecture; glibc: string | undefined },
): void {
  const tags = wheelTags(file).platform.split(".");
  const machine = MACHINE[arch];
  if (platform !== "linux" || !tags.some((tag) => tag.includes("linux") && tag.endsWith(`_${machine}`)))
    throw new EngineError(
      `${file}: a wheel for ${tags.join(", ")}, this machine is ${platform} ${machine ?? arch}: give the wheel of this platform`,
    );
  const needed = tags.map((tag) => /manylinux_(\d+)_(\d+)_/.exec(tag)).find((match) => match !== null);
  if (!needed || !glibc) return;
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  if (major < Number(needed[1]) || (major === Number(needed[1]) && minor < Number(needed[2])))
    throw new EngineError(
      `${file}: needs glibc ${needed[1]}.${needed[2]}, this system has ${glibc}: give an older TensorFlow's wheel (2.16 or later)`,
    );
}

/**
 * Writes a wheel's entries that `keep` names into a folder, streaming.
 * @returns how many
 */
export async function extractWheel(
  file: string,
  folder: string,
  keep: (path: string) => boolean,
): Promise<number> {
  const zip = await open(file);
  let count = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith("/") || !keep(entry.fileName)) continue;
      const target = join(folder, entry.fileName);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      count++;
    }
  } finally {
    zip.close();
  }
  return count;
}

/** A wheel's METADATA. */
export async function wheelMetadata(file: string): Promise<string> {
  const zip = await open(file);
  try {
    for await (const entry of zip.eachEntry())
      if (/^[^/]+\.dist-info\/METADATA$/.test(entry.fileName))
        return await text(await zip.openReadStreamPromise(entry));
  } finally {
    zip.close();
  }
  throw new EngineError(`${file}: has no METADATA: give a wheel of tensorflow-cpu or tensorflow`);
}

/** The requirements of an extra: `nvidia-cudnn-cu12<10.0,>=9.3.0.75` for `and-cuda`. */
export const requirementsOf = (metadata: string, extra: string): string[] =>
  [...metadata.matchAll(/^Requires-Dist: ([^;\n]+);(.*)$/gm)]
    .filter(([, , marker]) => marker?.includes(`extra == "${extra}"`))
    .map(([, requirement]) => requirement!.trim());

async function open(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false, lazyEntries: true });
  } catch (error) {
    throw new EngineError(
      `${file}: cannot be read as a wheel (${(error as Error).message}): download it again`,
    );
  }
}
