import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../src/input-error.ts";
import {
  discardUnfinished,
  finishedCheckpoint,
  makeRunFolder,
  partialDraws,
  saveCheckpoint,
  takeUpDraws,
  unfinishedCheckpoint,
  writingTo,
} from "../../src/node/index.ts";

const parent = mkdtempSync(join(tmpdir(), "bridgewise-unfinished-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let dir = "";
let count = 0;
beforeEach(async () => {
  dir = join(parent, "deep", `${++count}`);
  await makeRunFolder(dir);
});
const put = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(dir, name), name);
};
const there = (): string[] => readdirSync(dir).sort();
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

describe("the checkpoint of a run under way", () => {
  test("is replaced whole", async () => {
    for (const content of ["one", "two"]) await saveCheckpoint(dir, new TextEncoder().encode(content));
    expect(there()).toEqual(["checkpoint.bin.partial"]);
    expect(text(await unfinishedCheckpoint(dir))).toBe("two");
  });

  test("is not that of a finished run, but that of one which lacks its manifest", async () => {
    put("checkpoint.bin");
    expect(text(await unfinishedCheckpoint(dir))).toBe("checkpoint.bin");
    put("manifest.json");
    expect(await unfinishedCheckpoint(dir)).toBeUndefined();
    expect(text(await finishedCheckpoint(dir))).toBe("checkpoint.bin");
    put("checkpoint.bin.partial");
    expect(text(await unfinishedCheckpoint(dir))).toBe("checkpoint.bin.partial");
    expect(await unfinishedCheckpoint(join(dir, "nowhere"))).toBeUndefined();
  });
});

describe("the draws of a run under way", () => {
  test("stay, or get their partial name back, or are a copy of the finished run's", async () => {
    put("draws.arrow", "draws.arrow.partial");
    await takeUpDraws(dir, "unfinished");
    expect(there()).toEqual(["draws.arrow", "draws.arrow.partial"]);
    rmSync(partialDraws(dir));
    await takeUpDraws(dir, "unfinished");
    expect(there()).toEqual(["draws.arrow.partial"]);
    put("draws.arrow", "manifest.json");
    await takeUpDraws(dir, "finished");
    expect(there()).toEqual(["draws.arrow", "draws.arrow.partial", "manifest.json"]);
  });

  test("are never taken from a finished run, and missed where they are gone", async () => {
    put("draws.arrow", "manifest.json");
    await takeUpDraws(dir, "unfinished");
    expect(there()).toEqual(["draws.arrow", "manifest.json"]);
    rmSync(join(dir, "draws.arrow"));
    await expect(takeUpDraws(dir, "finished")).rejects.toThrow("the run folder is incomplete");
  });
});

test("what is discarded is never a finished run's", async () => {
  put("draws.arrow", "manifest.json", "checkpoint.bin", "draws.arrow.partial", "checkpoint.bin.partial");
  await discardUnfinished(dir);
  expect(there()).toEqual(["checkpoint.bin", "draws.arrow", "manifest.json"]);
  rmSync(join(dir, "manifest.json"));
  await discardUnfinished(dir);
  expect(there()).toEqual(["draws.arrow"]);
});

test("a full disk is one line with the way out; a fault of ours is none", async () => {
  const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
  const error = await writingTo(dir, () => Promise.reject(full)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toBe(
    `${dir}: the run folder cannot be written, the disk is full (ENOSPC); make room and run it again: what the latest checkpoint holds is kept`,
  );
  await expect(writingTo(dir, () => Promise.reject(new TypeError("ours")))).rejects.toThrow(TypeError);
});
