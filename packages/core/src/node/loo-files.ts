import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  type KfoldFile,
  kfoldFileShape,
  type LooFile,
  looFileShape,
  type RefitsFile,
  refitsFileShape,
} from "../loo/index.ts";
import type { Shape } from "../run/shape.ts";
import { readJsonIfThere, toJson } from "./run-folder.ts";
import { writeFiles } from "./staged-files.ts";

export const LOO = "loo.json";
export const KFOLD = "kfold.json";

const write = <T>(dir: string, name: string, value: T, shape: Shape<T>): Promise<void> =>
  writeFiles(dir, [{ name, text: [toJson(name, value, shape)] }], { what: name });

export const readLoo = (dir: string): Promise<LooFile | undefined> => readJsonIfThere(dir, LOO, looFileShape);
export const writeLoo = (dir: string, file: LooFile): Promise<void> => write(dir, LOO, file, looFileShape);

export const readKfold = (dir: string): Promise<KfoldFile | undefined> =>
  readJsonIfThere(dir, KFOLD, kfoldFileShape);
export const writeKfold = (dir: string, file: KfoldFile): Promise<void> =>
  write(dir, KFOLD, file, kfoldFileShape);

/** Fits of held-out rows that were done: of which work, the name says. */
const refitsName = (work: "loo" | "kfold"): string => `${work}-refits.json`;

export const readRefits = (dir: string, work: "loo" | "kfold"): Promise<RefitsFile | undefined> =>
  readJsonIfThere(dir, refitsName(work), refitsFileShape);
export const writeRefits = (dir: string, work: "loo" | "kfold", file: RefitsFile): Promise<void> =>
  write(dir, refitsName(work), file, refitsFileShape);
export const discardRefits = (dir: string, work: "loo" | "kfold"): Promise<void> =>
  rm(join(dir, refitsName(work)), { force: true });

/** The figures of each row as CSV: line, elpd, k, p, influence. */
export function writePointwise(path: string, { pointwise }: LooFile): Promise<void> {
  const { line, elpd, k, p, influence } = pointwise;
  const text = function* (): Iterable<string> {
    yield "line,elpd,k,p,influence\n";
    for (let i = 0; i < line.length; i++)
      yield `${line[i]},${elpd[i]},${k[i] ?? "Inf"},${p[i]},${influence[i] ?? "Inf"}\n`;
  };
  return writeFiles(dirname(path), [{ name: basename(path), text: text() }], { what: basename(path) });
}
