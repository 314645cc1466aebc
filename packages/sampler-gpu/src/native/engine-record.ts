import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Build, engineFolder } from "./cache-folder.ts";
import { LIBRARIES } from "./tensorflow-library.ts";
import { ADDON } from "./tfjs-package.ts";

/** What a build is, `engine.json` in its folder; written last. */
export interface EngineRecord {
  readonly format: 1;
  readonly build: Build;
  /** tfjs-node-gpu's and TensorFlow's folders, from the build's folder; the latter is null where tfjs-node-gpu has its own. */
  readonly package: string;
  readonly library: string | null;
  readonly versions: {
    readonly tensorflow: string;
    readonly tfjs: string;
    readonly compiler: string;
    readonly node: string;
  };
  /** Where TensorFlow came from. */
  readonly source: string;
  readonly built: string;
}

const FILE = "engine.json";
const FORMAT = 1;

export const writeRecord = (folder: string, record: EngineRecord): Promise<void> =>
  writeFile(join(folder, FILE), `${JSON.stringify(record, null, 2)}\n`);

/** Where a build is loaded from. */
export interface BuildPlace {
  readonly folder: string;
  /** tfjs-node-gpu's folder. */
  readonly pkg: string;
}

export const placeOf = (record: EngineRecord, folder = engineFolder(record.build)): BuildPlace => ({
  folder,
  pkg: resolve(folder, record.package),
});

/** The record of a build whose files are all there, else why there is none. */
export async function readRecord(build: Build): Promise<EngineRecord | string> {
  const folder = engineFolder(build);
  const file = join(folder, FILE);
  if (!existsSync(file)) return "not built";
  let record: EngineRecord;
  try {
    record = JSON.parse(await readFile(file, "utf8")) as EngineRecord;
  } catch {
    return `${file} is not JSON`;
  }
  if (record.format !== FORMAT) return "built by another version of Bridgewise";
  const library = record.library;
  const files = [
    join(resolve(folder, record.package), ADDON),
    ...(library === null ? [] : LIBRARIES.map((name) => join(resolve(folder, library), name))),
  ];
  const gone = files.find((path) => !existsSync(path));
  return gone === undefined ? record : `${gone} is gone`;
}
