import { basename, dirname, join } from "node:path";
import type { HypothesisTable } from "../hypothesis/evaluate.ts";
import { hypothesesShape } from "../hypothesis/hypotheses-shape.ts";
import { readJsonIfThere } from "./run-folder.ts";
import { writeFiles } from "./staged-files.ts";
import { HYPOTHESES } from "./unfinished-run.ts";

const text = (table: HypothesisTable): string[] => [`${JSON.stringify(table, null, 2)}\n`];

/** Writes hypotheses.json into a run folder, in place of an earlier one; a path that cannot be written gives an InputError. */
export async function saveHypotheses(dir: string, table: HypothesisTable): Promise<string> {
  await writeFiles(dir, [{ name: HYPOTHESES, text: text(table) }], { what: "the run folder" });
  return join(dir, HYPOTHESES);
}

/** Writes the same to a file of any name. */
export async function writeHypotheses(file: string, table: HypothesisTable): Promise<void> {
  await writeFiles(dirname(file), [{ name: basename(file), text: text(table) }]);
}

/** A run folder's hypotheses.json, undefined where there is none; a damaged one is an InputError. */
export const readHypotheses = (dir: string): Promise<HypothesisTable | undefined> =>
  readJsonIfThere(dir, HYPOTHESES, hypothesesShape, "test the hypotheses again with --save");
