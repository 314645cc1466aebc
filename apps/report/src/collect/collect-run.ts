import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { RunManifest } from "@bridgewise/core";
import { readRunFolder } from "@bridgewise/core/node";
import { type DrawsBlock, pageVariables } from "../draws/block.ts";
import { encodeDraws } from "../draws/encode.ts";
import type { ReportRun } from "../report-data.ts";
import { reportRunFromFolder } from "./report-run.ts";

/** Raise it when what is taken from a run folder, or its form, changes: earlier reports' files are then made anew. */
const COLLECTED = "4";

const FILES = [
  "manifest.json",
  "summary.json",
  "diagnostics.json",
  "hypotheses.json",
  "loo.json",
  "checks.json",
  "draws.arrow",
] as const;

/** A run folder that was looked at but not yet read: a report made before may hold all that is needed of it. */
export interface CollectedRun {
  readonly id: string;
  readonly manifest: RunManifest;
  /** SHA-256, hex, of all of the folder that the report shows: the same key, the same data. */
  readonly key: string;
  /** Variables whose draws the page gets, and those for which there is no room. */
  readonly variables: { readonly taken: readonly string[]; readonly leftOut: readonly string[] };
  /** What the report shows. */
  run(): Promise<ReportRun>;
  /** Draws of `variables.taken`. */
  draws(): Promise<DrawsBlock>;
}

/** `id`: the run's name in the report, by default its folder's. What is missing or damaged in the folder gives an InputError. */
export async function collectRun(dir: string, id: string = basename(resolve(dir))): Promise<CollectedRun> {
  const folder = await readRunFolder(dir);
  const reader = await folder.openDraws();
  const names = reader.variables;
  await reader.close();
  const { chains, draws } = folder.manifest;
  const variables = pageVariables(names, chains * draws);
  return {
    id,
    manifest: folder.manifest,
    key: await keyOf(dir),
    variables,
    run: async () => ({ ...(await reportRunFromFolder(folder)), id }),
    draws: async () => {
      const source = await folder.openDraws();
      try {
        return await encodeDraws(source, variables.taken);
      } finally {
        await source.close();
      }
    },
  };
}

async function keyOf(dir: string): Promise<string> {
  const key = createHash("sha256").update(COLLECTED);
  for (const name of FILES) key.update(`\n${name} ${await hashOf(join(dir, name))}`);
  return key.digest("hex");
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const bytes of createReadStream(file)) hash.update(bytes as Uint8Array);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
    throw error;
  }
  return hash.digest("hex");
}
