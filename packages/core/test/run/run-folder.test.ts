import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { type RunContents, readRunFolder, writeRunFolder } from "../../src/node/run-folder.ts";
import { summarize } from "../../src/posterior/index.ts";
import { diagnose, drawsToArrow } from "../../src/run/index.ts";

/** What the run folder asks of the disk, in order; `fail` makes the n-th rename fail. */
const disk = vi.hoisted(() => ({ calls: [] as string[], failingRename: -1 }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const base = (path: unknown): string => String(path).split("/").at(-1)!;
  return {
    ...real,
    open: (...args: Parameters<typeof real.open>) => {
      disk.calls.push(`open ${base(args[0])}`);
      return real.open(...args);
    },
    rename: async (...args: Parameters<typeof real.rename>) => {
      disk.calls.push(`rename ${base(args[1])}`);
      const done = disk.calls.filter((call) => call.startsWith("rename")).length;
      if (done === disk.failingRename) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      await real.rename(...args);
    },
    rm: (...args: Parameters<typeof real.rm>) => {
      disk.calls.push(`rm ${base(args[0])}`);
      return real.rm(...args);
    },
  };
});

const draws = {
  variables: ["b_Intercept", "sigma"],
  chains: 2,
  draws: 20,
  values: Float64Array.from({ length: 80 }, (_, i) => Math.sin(i * i)),
};
const summaries = summarize(draws);
const contents: RunContents = {
  manifest: {
    format: "bridgewise-run/1",
    bridgewise: "0.0.0",
    label: "all",
    formula: "y ~ 1",
    family: "gaussian",
    data: { file: "y.csv", sha256: "ab", rows: 10, rows_used: 9 },
    simulated: true,
    truth: { b_Intercept: 0.5 },
    priors: { b_Intercept: "student_t(3, 0, 2.5)" },
    groups: [{ name: "id", levels: 3 }],
    chains: 2,
    warmup: 10,
    draws: 20,
    seed: 1,
    threads: 1,
    engine: "simd",
    density: "full",
    node: "24",
    created: "2026-01-01T00:00:00Z",
  },
  summary: {
    variables: { ...summaries, constant: { ...summaries.sigma!, rhat: null } },
    seconds: { setup: 0.1, warmup: 0.2, sampling: 0.3, total: 0.6 },
    engine: "simd",
    chains: 2,
    warmup: 10,
    draws: 20,
    divergences: 0,
  },
  diagnostics: diagnose({
    summaries,
    divergences: 0,
    stepSize: 0.3,
    acceptance: 0.8,
    gradientsPerDraw: 3,
    chains: 2,
    drawsPerChain: 20,
  }),
  draws,
};
const FILES = ["diagnostics.json", "draws.arrow", "manifest.json", "summary.json"];

let parent: string;
let dir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "bridgewise-run-"));
  dir = join(parent, "deep", "run");
  disk.calls.length = 0;
  disk.failingRename = -1;
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function inputErrorOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).not.toContain("\n");
  return message;
}

describe("writeRunFolder", () => {
  test("what is written is read back", async () => {
    await writeRunFolder(dir, contents);
    expect((await readdir(dir)).sort()).toEqual(FILES);
    const run = await readRunFolder(dir);
    expect(run).toEqual({
      dir,
      manifest: contents.manifest,
      summary: contents.summary,
      diagnostics: contents.diagnostics,
      readDraws: expect.any(Function),
      openDraws: expect.any(Function),
    });
    expect(await run.readDraws()).toEqual(draws);
    const reader = await run.openDraws();
    expect(reader.variables).toEqual(draws.variables);
    await reader.close();
  });

  test("writes everything under other names first, takes the old manifest away, sets the new one last", async () => {
    await writeRunFolder(dir, contents);
    const temporary = (name: string): unknown =>
      expect.stringMatching(new RegExp(`^open \\.${name}\\..+\\.tmp$`));
    expect(disk.calls).toEqual([
      temporary("draws.arrow"),
      temporary("diagnostics.json"),
      temporary("summary.json"),
      temporary("manifest.json"),
      "rm manifest.json",
      "rm checkpoint.bin",
      "rm hypotheses.json",
      "rename draws.arrow",
      "rename diagnostics.json",
      "rename summary.json",
      "rename manifest.json",
    ]);
  });

  test.each([1, 2, 3, 4])(
    "stopped at rename %d over an earlier run: no manifest, no temporary files",
    async (n) => {
      await writeRunFolder(dir, contents);
      await writeFile(join(dir, "notes.txt"), "mine");
      disk.calls.length = 0;
      disk.failingRename = n;
      expect(await inputErrorOf(writeRunFolder(dir, contents))).toBe(
        `${dir}: the run folder cannot be written, the disk is full (ENOSPC); choose another place for it`,
      );
      expect((await readdir(dir)).sort()).toEqual([
        "diagnostics.json",
        "draws.arrow",
        "notes.txt",
        "summary.json",
      ]);
      expect(await inputErrorOf(readRunFolder(dir))).toContain(
        "manifest.json: not found, so this is no finished run",
      );
    },
  );

  test("a path that is a file, lies below one, or cannot be made", async () => {
    const file = join(parent, "file");
    await writeFile(file, "");
    for (const path of [file, join(file, "below")]) {
      expect(await inputErrorOf(writeRunFolder(path, contents))).toBe(
        `${path}: the run folder is not a folder, or lies below a file; choose another place for it`,
      );
    }
    expect(await inputErrorOf(writeRunFolder("/proc/bridgewise-run", contents))).toMatch(
      /^\/proc\/bridgewise-run: the run folder cannot be written \(E[A-Z]+\); choose another place for it$/,
    );
  });

  test.each<readonly [path: string, broken: Partial<RunContents>]>([
    [
      "summary.json not written: seconds.total is NaN",
      {
        summary: { ...contents.summary, seconds: { ...contents.summary.seconds, total: Number.NaN } },
      },
    ],
    [
      "summary.json not written: variables.a.mean is Infinity",
      {
        summary: { ...contents.summary, variables: { a: { ...summaries.sigma!, mean: Infinity } } },
      },
    ],
    [
      "diagnostics.json not written: acceptance is NaN",
      {
        diagnostics: { ...contents.diagnostics, acceptance: Number.NaN },
      },
    ],
    [
      "manifest.json not written: truth.x is NaN",
      { manifest: { ...contents.manifest, truth: { x: Number.NaN } } },
    ],
  ])("%s: nothing is touched", async (message, broken) => {
    await expect(writeRunFolder(dir, { ...contents, ...broken })).rejects.toThrow(message);
    expect(existsSync(dir)).toBe(false);
  });
});

describe("readRunFolder", () => {
  const wrong = async (name: string, text: string | Uint8Array): Promise<string> => {
    await writeRunFolder(dir, contents);
    await writeFile(join(dir, name), text);
    return inputErrorOf(readRunFolder(dir).then((run) => run.readDraws()));
  };
  const edited = async (name: string, edit: (value: Record<string, unknown>) => void): Promise<string> => {
    await writeRunFolder(dir, contents);
    const value = JSON.parse(await readFile(join(dir, name), "utf8"));
    edit(value);
    return wrong(name, JSON.stringify(value));
  };

  test("no folder, a file, an empty folder", async () => {
    expect(await inputErrorOf(readRunFolder(dir))).toBe(
      `${dir}: the run folder does not exist; give the folder that a fit wrote`,
    );
    const file = join(parent, "file");
    await writeFile(file, "");
    expect(await inputErrorOf(readRunFolder(file))).toContain(`${file}: is not a folder`);
    await mkdir(dir, { recursive: true });
    expect(await inputErrorOf(readRunFolder(dir))).toContain(`${join(dir, "manifest.json")}: not found`);
  });

  test.each(FILES)("%s missing, or a folder", async (name) => {
    await writeRunFolder(dir, contents);
    await rm(join(dir, name));
    const read = (): Promise<unknown> => readRunFolder(dir).then((run) => run.readDraws());
    expect(await inputErrorOf(read())).toContain(`${join(dir, name)}: not found`);
    await mkdir(join(dir, name));
    expect(await inputErrorOf(read())).toContain(`${join(dir, name)}: cannot be read (EISDIR)`);
  });

  test("JSON that is cut off or broken over lines", async () => {
    const path = join(dir, "summary.json");
    expect(await wrong("summary.json", '{"variables": {')).toContain(`${path}: is not valid JSON (`);
    expect(await wrong("summary.json", '{"a"\n\n: b}')).toContain(`${path}: is not valid JSON (`);
    expect(await wrong("summary.json", "[1]")).toContain(`${path}: it is [1], expected an object;`);
  });

  test("a manifest of another version is named as that", async () => {
    const message = await edited("manifest.json", (manifest) => {
      manifest.format = "bridgewise-run/2";
      delete manifest.seed;
    });
    expect(message).toContain(
      `'format' is "bridgewise-run/2", this version of bridgewise reads "bridgewise-run/1"; use the version that wrote it`,
    );
  });

  test.each<readonly [file: string, place: readonly string[], value: unknown, message: string]>([
    ["manifest.json", ["seed"], undefined, "'seed' is missing, expected a finite number;"],
    [
      "manifest.json",
      ["groups", "0", "levels"],
      -1,
      "'groups[0].levels' is -1, expected a whole number from 0 on;",
    ],
    ["manifest.json", ["priors", "b_Intercept"], 3, "'priors.b_Intercept' is 3, expected a text;"],
    ["manifest.json", ["groups"], {}, "'groups' is {}, expected a list;"],
    ["manifest.json", ["simulated"], "no", `'simulated' is "no", expected true or false;`],
    ["manifest.json", ["truth"], null, "'truth' is null, expected an object;"],
    [
      "summary.json",
      ["variables", "sigma", "rhat"],
      undefined,
      "'variables.sigma.rhat' is missing, expected a",
    ],
    ["summary.json", ["variables", "sigma", "mean"], "NaN", `'variables.sigma.mean' is "NaN", expected a`],
    ["summary.json", ["chains"], 4, "has 4 chains of 20 draws, but manifest.json says 2 of 20"],
    ["diagnostics.json", ["max_rhat", "value"], undefined, "'max_rhat.value' is missing, expected a"],
    ["diagnostics.json", ["warnings"], [null], "'warnings[0]' is null, expected a text;"],
  ])("%s: %s changed to %j", async (file, place, value, message) => {
    const found = await edited(file, (json) => {
      let holder = json;
      for (const key of place.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
      holder[place.at(-1)!] = value;
    });
    expect(found).toContain(`${join(dir, file)}: ${message}`);
  });

  test("truth may be left out, fields of later versions are let pass", async () => {
    const { truth: _, ...manifest } = contents.manifest;
    await writeRunFolder(dir, { ...contents, manifest: { ...manifest, extra: [1] } as never });
    const { manifest: read } = await readRunFolder(dir);
    expect(read).toEqual({ ...manifest, extra: [1] });
  });

  test("draws that are cut off, or of another run", async () => {
    const path = join(dir, "draws.arrow");
    const bytes = await drawsToArrow(draws);
    expect(await wrong("draws.arrow", bytes.subarray(0, 500))).toContain(
      `${path}: is cut off after 500 bytes`,
    );
    const other = await drawsToArrow({
      ...draws,
      variables: ["a"],
      values: draws.values.subarray(0, 20),
      chains: 1,
    });
    expect(await wrong("draws.arrow", other)).toContain(
      `${path}: has 1 chains of 20 draws, but manifest.json says 2 of 20: these are files of different runs`,
    );
  });
});
