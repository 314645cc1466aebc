import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CollectedRun } from "../collect/collect-run.ts";
import { drawsScript, runScript } from "../page-html.ts";
import type { ReportRun, RunDraws } from "../report-data.ts";
import { stamp, takeOver } from "./stamped.ts";

/** A run's files in a report folder. */
export interface RunFiles {
  readonly id: string;
  /** `runs/NAME.js` */
  readonly data: string;
  readonly draws: RunDraws | null;
  /** Taken as they were from the report that was there. */
  readonly kept: boolean;
}

/**
 * Writes each run's data and draws as scripts of their own below `dir`. Those that the report in `before` has, made of the same run
 * folder, are taken over: a changed run is read anew, no other.
 */
export async function writeRunFiles(
  runs: readonly (ReportRun | CollectedRun)[],
  dir: string,
  before: string,
): Promise<RunFiles[]> {
  await mkdir(join(dir, "runs"), { recursive: true });
  await mkdir(join(dir, "draws"), { recursive: true });
  const ids = uniqueIds(runs.map(({ id }) => id));
  const names = fileNames(ids);
  const files: RunFiles[] = [];
  for (const [i, run] of runs.entries()) {
    const id = ids[i]!;
    const data = `runs/${names[i]}.js`;
    const script = `draws/${names[i]}.js`;
    if (!("key" in run)) {
      await writeFile(join(dir, data), runScript({ ...run, id }));
      files.push({ id, data, draws: run.draws ?? null, kept: false });
      continue;
    }
    const key = createHash("sha256")
      .update(JSON.stringify([run.key, id]))
      .digest("hex");
    const kept = [
      await takeOver(join(before, data), key, join(dir, data)),
      await takeOver(join(before, script), key, join(dir, script)),
    ] as const;
    if (!kept[0]) await writeFile(join(dir, data), stamp(key, runScript({ ...(await run.run()), id })));
    if (!kept[1]) await writeFile(join(dir, script), stamp(key, drawsScript(id, await run.draws())));
    const { chains, draws } = run.manifest;
    const { taken, leftOut } = run.variables;
    files.push({
      id,
      data,
      draws: { script, chains, draws, variables: taken, left_out: leftOut },
      kept: kept.every((taken) => taken),
    });
  }
  return files;
}

/** Run folders of the same name get a number. */
function uniqueIds(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((id) => {
    let unique = id;
    for (let n = 2; taken.has(unique); n++) unique = `${id}-${n}`;
    taken.add(unique);
    return unique;
  });
}

/** Names that every file system keeps apart, and that mean nothing in a URL. */
function fileNames(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((id) => {
    const plain = id.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 60);
    const clear = plain === id && !taken.has(plain.toLowerCase());
    const name = clear ? plain : `${plain}-${createHash("sha256").update(id).digest("hex").slice(0, 8)}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
