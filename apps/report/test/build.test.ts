import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { evaluateHypotheses } from "@bridgewise/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DrawsBlock } from "../src/draws/block.ts";
import { chooseDraws } from "../src/draws/choose.ts";
import { decodeDraws } from "../src/draws/decode.ts";
import { encodeDraws } from "../src/draws/encode.ts";
import { packDraws, packText } from "../src/draws/pack.ts";
import { unpackDraws, unpackText } from "../src/draws/unpack.ts";
import { buildReport, collectRun } from "../src/index.ts";
import { dataScript, pageHtml, runScript, singlePageHtml } from "../src/page-html.ts";
import type { ReportData } from "../src/report-data.ts";
import { makeDraws, writeRun } from "./run-folders.ts";
import { makeRun } from "./runs.ts";

const HOSTILE = `</script><script>window.hacked = 1</script><!--<img src=x onerror="window.hacked = 1">\u2028'"&`;

interface Window {
  __BRIDGEWISE__?: ReportData;
  __BRIDGEWISE_DRAWS__?: Map<string, DrawsBlock>;
}

/** What scripts hand to the page. */
function run(...scripts: readonly string[]): Window {
  const window: Window = {};
  for (const script of scripts) runInNewContext(script, { window });
  return window;
}

/** What the page at `index` is handed by the scripts that it names. */
function open(out: string): ReportData {
  const html = readFileSync(join(out, "index.html"), "utf8");
  const names = [...html.matchAll(/<script src="([^"]*)"/g)].map((match) => match[1]!);
  expect(names.at(-1)).toBe("report.js");
  return run(...names.slice(0, -1).map((name) => readFileSync(join(out, name), "utf8"))).__BRIDGEWISE__!;
}

/** What the page finds in a single file: its data, where each run's draws are, the draws. */
async function readSingle(html: string) {
  const text = (id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(html)![1]!;
  const data = JSON.parse(await unpackText(text("report-data"))) as ReportData;
  const draws: number[][] = [];
  for (const { draws: where } of data.runs) {
    const lines = text(where!.packed!.element).split("\n");
    const values = await Promise.all(lines.map((line) => unpackDraws(line, where!.packed!.precision)));
    draws.push(values.flatMap((each) => [...each]));
  }
  const places = data.runs.map(({ draws: d }) => [d!.script, d!.packed, d!.variables, d!.left_out]);
  return { data, draws, places };
}

const around = { title: HOSTILE, created: "", version: "" };

describe("text from data", () => {
  it("cannot end a script, and comes out of it as it went in", () => {
    const one = { ...makeRun(HOSTILE), hypotheses: undefined };
    const scripts = [runScript(makeRun(HOSTILE)), dataScript(around)];
    for (const script of scripts) expect(script.replaceAll("=>", "")).not.toMatch(/[<>\u2028]/);
    const data = run(...scripts).__BRIDGEWISE__!;
    expect([data.title, data.runs[0]!.manifest.label]).toEqual([HOSTILE, one.manifest.label]);
  });

  it("keeps names that mean something to JavaScript", () => {
    const truth = JSON.parse('{"__proto__": 1, "x\\"__proto__": 2, "constructor": 3}');
    const data = run(runScript(makeRun("all", { manifest: { truth } })), dataScript(around)).__BRIDGEWISE__!;
    expect(Object.entries(data.runs[0]!.manifest.truth!)).toEqual(Object.entries(truth));
  });

  it("cannot become markup in the page's frame", () => {
    const html = pageHtml({ title: HOSTILE, simulated: false }, ["data.js"]);
    expect(html).not.toContain("<img");
    expect(html.match(/<script/g)).toHaveLength(1);
    const single = singlePageHtml(
      { title: HOSTILE, simulated: false },
      "a { }</style><b>",
      `const a = "</script><!--";`,
      [{ id: HOSTILE, text: HOSTILE }],
    );
    expect(single.match(/<\/?script/g)).toEqual(["<script", "</script", "<script", "</script"]);
    expect(single.match(/<\/style/g)).toHaveLength(1);
    expect(single).not.toContain("<!--");
  });
});

describe("draws for the page", () => {
  const draws = makeDraws(["b_A", "b_B", "sigma"], 3, 40);
  const source = {
    ...draws,
    read: async (v: number) => draws.values.subarray(120 * v, 120 * (v + 1)),
  };

  it("are the run's, to the bit, whichever of them are taken", async () => {
    const block = await encodeDraws(source, ["b_A", "sigma"]);
    const back = decodeDraws(block);
    expect([back.chains, back.draws, back.variables]).toEqual([3, 40, ["b_A", "sigma"]]);
    expect(back.values.subarray(0, 120)).toEqual(draws.values.subarray(0, 120));
    expect(back.values.subarray(120)).toEqual(draws.values.subarray(240));
  });

  it("give the same evidence as the run's own", async () => {
    const texts = ["b_A > 0.1", "b_A - b_B < sigma", "exp(A) > 1"];
    const back = decodeDraws(await encodeDraws(source, draws.variables));
    expect(await evaluateHypotheses(texts, back)).toEqual(await evaluateHypotheses(texts, draws));
  });

  it("come out of a single file as they went in, or rounded", async () => {
    const values = draws.values.subarray(0, 120);
    expect(await unpackDraws(packDraws(values, "exact"), "exact")).toEqual(values);
    const back = await unpackDraws(packDraws(values, "rounded"), "rounded");
    expect(back.map(Math.sign)).toEqual(values.map(Math.sign));
    const range = Math.max(...values) - Math.min(...values);
    const furthest = Math.max(...values.map((x, i) => Math.abs(x - back[i]!)));
    expect(furthest).toBeLessThanOrEqual(range / 130_000);
    expect(furthest).toBeGreaterThan(range / 300_000);
    expect(await unpackText(packText(HOSTILE))).toBe(HOSTILE);
  });

  it("keep what cannot be rounded: what is not finite, does not vary, or lies far from 0", async () => {
    const rounded = (...values: number[]) =>
      unpackDraws(packDraws(Float64Array.from(values), "rounded"), "rounded").then((back) => [...back]);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const [least, greatest, ...rest] = await rounded(-1, 2, ...odd);
    expect([least, greatest]).toEqual([expect.closeTo(-1, 4), expect.closeTo(2, 4)]);
    expect(rest).toEqual(odd);
    expect(await rounded(3, 3, 3)).toEqual([3, 3, 3]);
    expect(await rounded(...odd)).toEqual(odd);
    expect(await rounded(1e6, 1e6 + 1e-3)).toEqual([expect.closeTo(1e6, 7), expect.closeTo(1e6 + 1e-3, 7)]);
  });

  it("are taken in order: coefficients of each run first, the rest where all of these had room", () => {
    const run = (...variables: string[]) => ({ variables, bytes: variables.map(() => 10) });
    const runs = [run("b_A", "sigma", "b_B"), run("b_C", "sd_g"), run("mu", "tau")];
    expect(chooseDraws(runs, 80)).toEqual([
      ["b_A", "sigma", "b_B"],
      ["b_C", "sd_g"],
      ["mu", "tau"],
    ]);
    expect(chooseDraws(runs, 60)).toEqual([["b_A", "sigma", "b_B"], ["b_C"], ["mu", "tau"]]);
    expect(chooseDraws(runs, 49)).toEqual([["b_A", "b_B"], ["b_C"], []]);
    expect(chooseDraws(runs, -1)).toEqual([[], [], []]);
  });
});

describe("buildReport", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "report-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("writes a page that asks nothing of the network, and marks simulated data in its title", async () => {
    const out = join(dir, "report");
    const { index } = await buildReport({ runs: [makeRun("all"), makeRun("all")], out });
    expect(readdirSync(out).sort()).toEqual([
      ...["data.js", "draws", "index.html", "report.css", "report.js", "runs"],
    ]);
    const html = readFileSync(index, "utf8");
    expect(html).toContain("<title>SIMULATED: ");
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((m) => m[1])).toEqual([
      ...["data:,", "report.css", "runs/all.js", "runs/all-2.js", "data.js", "report.js"],
    ]);
    expect(readFileSync(join(out, "report.css"), "utf8")).not.toMatch(/url\((?!["']?data:)|@import/);
    expect(open(out).runs.map(({ id }) => id)).toEqual(["all", "all-2"]);
    expect(readdirSync(dir)).toEqual(["report"]);
  });

  it("replaces an earlier report, and nothing else", async () => {
    const out = join(dir, "report");
    await buildReport({ runs: [makeRun("a")], out });
    await buildReport({ runs: [makeRun("b")], out });
    expect(open(out).runs.map(({ manifest }) => manifest.label)).toEqual(["b"]);
    writeFileSync(join(dir, "thesis.tex"), "years of work");
    await expect(buildReport({ runs: [makeRun("a")], out: dir })).rejects.toThrow(
      "holds something else than a report",
    );
    expect(existsSync(join(dir, "thesis.tex"))).toBe(true);
  });

  it("says where it cannot write", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    await expect(buildReport({ runs: [makeRun("a")], out: join(file, "report") })).rejects.toThrow(
      "is not a folder, or lies below a file",
    );
    await expect(buildReport({ runs: [], out: join(dir, "r") })).rejects.toThrow(
      "a report needs at least one run folder",
    );
    await expect(buildReport({ runs: [makeRun("a")], single: join(file, "x.html") })).rejects.toThrow(
      "is not a folder, or lies below a file",
    );
  });

  it("gives files plain names, whatever the runs are called", async () => {
    const ids = ["1a-all", "1A-ALL", HOSTILE, "../../etc/passwd", "__proto__"];
    const out = join(dir, "report");
    await buildReport({ runs: ids.map((id) => ({ ...makeRun("all"), id })), out });
    const files = readdirSync(join(out, "runs"));
    expect(new Set(files.map((name) => name.toLowerCase())).size).toBe(ids.length);
    for (const name of files) expect(name).toMatch(/^[A-Za-z0-9_-]+\.js$/);
    expect(open(out).runs.map(({ id }) => id)).toEqual(ids);
  });

  describe("of run folders", () => {
    const names = ["b_A", "sigma", "r_g[x,Intercept]"];
    const collected = async (seed = 1) => [
      await collectRun(await writeRun(join(dir, "a"), makeDraws(names))),
      await collectRun(await writeRun(join(dir, "b"), makeDraws(names, 2, 50, seed))),
    ];

    it("puts their draws beside the page, without those of single levels", async () => {
      const out = join(dir, "report");
      await buildReport({ runs: await collected(), out });
      const { draws } = open(out).runs[1]!;
      expect(draws).toEqual({
        ...{ script: "draws/b.js", chains: 2, draws: 50 },
        ...{ variables: ["b_A", "sigma"], left_out: [] },
      });
      const window = run(readFileSync(join(out, draws!.script!), "utf8"));
      const { values } = decodeDraws(window.__BRIDGEWISE_DRAWS__!.get("b")!);
      expect(values).toEqual(makeDraws(names).values.subarray(0, 200));
    });

    it("reads a changed run anew, and no other", async () => {
      const out = join(dir, "report");
      const script = (name: string) => readFileSync(join(out, "runs", name), "utf8");
      expect((await buildReport({ runs: await collected(), out })).kept).toBe(0);
      const before = [script("a.js"), script("b.js")];
      const dates = () =>
        ["runs/a.js", "draws/a.js", "runs/b.js", "draws/b.js"].map(
          (name) => statSync(join(out, name)).mtimeMs,
        );
      for (const name of ["runs", "draws"].flatMap((part) => [`${part}/a.js`, `${part}/b.js`]))
        utimesSync(join(out, name), 1, 1);
      const [same, changed] = await collected(2);
      const untouched = { ...same!, run: () => Promise.reject(new Error("read")) };
      expect((await buildReport({ runs: [untouched, changed!], out })).kept).toBe(1);
      expect(script("a.js")).toBe(before[0]);
      expect(script("b.js")).not.toBe(before[1]);
      const [aData, aDraws, ...b] = dates();
      expect([aData, aDraws]).toEqual([1000, 1000]);
      for (const date of b) expect(date).toBeGreaterThan(1000);
      // a file that is not what it says is made anew
      writeFileSync(join(out, "runs", "a.js"), before[0]!.replace('"id"', '"di"'));
      expect((await buildReport({ runs: await collected(2), out })).kept).toBe(1);
      expect(script("a.js")).toBe(before[0]);
    });

    it("writes one file with everything in it, and names what has no room", async () => {
      const single = join(dir, "report.html");
      const out = join(dir, "report");
      const built = await buildReport({ runs: await collected(), out, single });
      expect(built.single).toMatchObject({ file: single, without: [] });
      const html = readFileSync(single, "utf8");
      expect(Buffer.byteLength(html)).toBe(built.single!.bytes);
      expect([...html.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"/g)].map((m) => m[1])).toEqual(
        ["data:,"],
      );
      const inside = await readSingle(html);
      expect(inside.places).toEqual([
        [null, { element: "draws-0", precision: "exact" }, ["b_A", "sigma"], []],
        [null, { element: "draws-1", precision: "exact" }, ["b_A", "sigma"], []],
      ]);
      expect(inside.draws[0]).toEqual([...makeDraws(names).values.subarray(0, 200)]);
      expect(inside.data.runs.map(({ summary }) => summary)).toEqual(
        open(out).runs.map(({ summary }) => summary),
      );
    });

    it("rounds the draws of a file that has no room for all digits, then leaves out the less important", async () => {
      const single = join(dir, "report.html");
      const build = async (singleBytes?: number) => {
        const runs = [
          await collectRun(await writeRun(join(dir, "a"), makeDraws(names, 4, 500))),
          await collectRun(await writeRun(join(dir, "b"), makeDraws(names, 4, 500, 2))),
        ];
        const built = await buildReport({ runs, single, ...(singleBytes && { singleBytes }) });
        return { ...built.single!, ...(await readSingle(readFileSync(single, "utf8"))) };
      };
      const exact = await build();
      expect(exact.precision).toBe("exact");
      const rounded = await build(exact.bytes - 10_000);
      expect([rounded.precision, rounded.without]).toEqual(["rounded", []]);
      expect(rounded.places.map(([, , variables]) => variables)).toEqual([
        ["b_A", "sigma"],
        ["b_A", "sigma"],
      ]);
      const limit = rounded.bytes - 3000;
      const small = await build(limit);
      expect(small.bytes).toBeLessThanOrEqual(limit);
      expect(small.without).toEqual(["b"]);
      expect(small.places.map(([, , , left]) => left)).toEqual([[], ["sigma"]]);
      expect(small.draws[1]).toEqual(rounded.draws[1]!.slice(0, 2000));
    });
  });
});
