import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import type { Dataset } from "h5wasm/node";
import { parquetMetadata } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawsToCsv } from "../../src/export/index.ts";
import { readParquetDraws } from "../../src/import/index.ts";
import { DrawsReader } from "../../src/node/draws-reader.ts";
import { exportInferenceData } from "../../src/node/export-inference-data.ts";
import { exportParquet } from "../../src/node/export-parquet.ts";
import { exportRun, exportText, TEXT_FORMATS } from "../../src/node/export-run.ts";
import { importRun } from "../../src/node/import-run.ts";
import { readRunFolder, writeRunFolder } from "../../src/node/run-folder.ts";
import type { Draws } from "../../src/posterior/draws.ts";
import { autoregressive } from "../posterior/random.ts";
import { draws, runOf } from "./made-run.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-export-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const small = join(dir, "small");
const large = join(dir, "large");
/** More than a record batch. */
const many: Draws = {
  variables: Array.from({ length: 60 }, (_, v) => (v < 2 ? `b_${v}` : `r_g[${v},Intercept]`)),
  chains: 3,
  draws: 5001,
  values: autoregressive(3, 60 * 3, 5001, 0.5),
};

beforeAll(async () => {
  await writeRunFolder(small, runOf(draws));
  await writeRunFolder(large, runOf(many));
});

/** Where two arrays differ first, -1 where they do not: the difference of large ones takes minutes to print. */
function differsAt(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Math.min(found.length, expected.length);
  return Array.prototype.findIndex.call(found, (value, k) => !Object.is(value, expected[k]));
}

describe("draws come back to the bit", () => {
  test.each(["csv", "parquet", "arrow"] as const)("%s", async (to) => {
    for (const [run, own] of [
      [small, draws],
      [large, many],
    ] as const) {
      const { files, simulated } = await exportRun({ run, to, out: join(dir, to), force: true });
      expect(simulated).toBe(true);
      const back = join(dir, `back-${to}`);
      const { manifest } = await importRun({ files, out: back, version: "1.2.3", force: true });
      const { values, ...found } = await (await readRunFolder(back)).readDraws();
      expect(found).toEqual({ variables: own.variables, chains: own.chains, draws: own.draws });
      expect(differsAt(values, own.values)).toBe(-1);
      // CSV has no room to say so
      expect(manifest.simulated).toBe(to !== "csv");
    }
  });

  test("stan-csv, names by the comments", async () => {
    const { files } = await exportRun({ run: small, to: "stan-csv", out: join(dir, "stan.csv") });
    expect(files.map((file) => file.replace(dir, ""))).toEqual(["/stan-1.csv", "/stan-2.csv"]);
    const text = readFileSync(files[1]!, "utf8");
    expect(text).toContain("\nlp__,b_Intercept,sd_g_h__Intercept,r_g.1,r_g.2,m.1.1,m.2.1\n");
    expect(text).toContain("\n# name sd_g_h__Intercept = sd_g:h__Intercept\n");
    expect(text).not.toContain("= m[1,1]");
    const back = join(dir, "back-stan");
    const { manifest } = await importRun({ files, out: back, version: "1.2.3" });
    expect(await (await readRunFolder(back)).readDraws()).toEqual(draws);
    expect(manifest).toMatchObject({ warmup: 200, seed: 7, simulated: true, formula: "(imported)" });
    expect(manifest.imported!.sampler).toEqual(["lp__"]);
  });

  test("inference-data, read by HDF5's own library", async () => {
    for (const [run, own] of [
      [small, draws],
      [large, many],
    ] as const) {
      const file = join(dir, `${own.draws}.nc`);
      await exportRun({ run, to: "inference-data", out: file });
      const h5wasm = await import("h5wasm/node");
      await h5wasm.ready;
      const f = new h5wasm.File(file, "r");
      const group = f.get("posterior") as InstanceType<typeof h5wasm.Group>;
      const dataset = (name: string) => group.get(name) as InstanceType<typeof h5wasm.Dataset>;
      const size = own.chains * own.draws;
      const scalar = own.variables[0]!;
      expect(differsAt(dataset(scalar).value as Float64Array, own.values.subarray(0, size))).toBe(-1);
      expect(dataset(scalar).get_attached_scales(1)).toEqual(["/posterior/draw"]);
      // [chains][draws][levels]
      const levels = [...own.variables.keys()].filter((v) => own.variables[v]!.startsWith("r_g["));
      const effects = dataset("r_g");
      expect(effects.shape).toEqual([own.chains, own.draws, levels.length]);
      const expected = new Float64Array(levels.length * size);
      levels.forEach((v, k) => {
        for (let s = 0; s < size; s++) expected[s * levels.length + k] = own.values[v * size + s]!;
      });
      expect(differsAt(effects.value as Float64Array, expected)).toBe(-1);
      expect(effects.get_attached_scales(2)).toEqual(["/posterior/g"]);
      expect(group.attrs["simulated"]!.value).toBe("SIMULATED data");
      f.close();
    }
  });
});

test("blocks and slices hold every draw once, whatever their size", async () => {
  const reader = await DrawsReader.open(join(large, "draws.arrow"));
  const wanted = [59, 0, 7];
  const size = many.chains * many.draws;
  const expected = wanted.map((v) => many.values.slice(v * size, (v + 1) * size));
  for (const values of [3, 1000, 1 << 22]) {
    const found = wanted.map(() => new Float64Array(size));
    for await (const block of reader.blocks(wanted, undefined, values)) {
      expect(block.values.length).toBeLessThanOrEqual(values);
      found.forEach((own, v) => {
        own.set(
          block.values.subarray(v * block.draws, (v + 1) * block.draws),
          (block.chain - 1) * many.draws + block.from,
        );
      });
      if (values === 3 && block.from > 20) break;
    }
    if (values > 3) expect(found.map((own, v) => differsAt(own, expected[v]!))).toEqual([-1, -1, -1]);
    else expect(found[0]!.subarray(0, 20)).toEqual(expected[0]!.subarray(0, 20));
    let from = 0;
    for await (const slice of reader.slices(wanted, values)) {
      for (let s = 0; s < wanted.length * many.chains; s++)
        expect(slice.values[s * slice.draws]).toBe(
          expected[Math.floor(s / many.chains)]![(s % many.chains) * many.draws + from],
        );
      from += slice.draws;
      if (values === 3 && from > 20) break;
    }
    if (values > 3) expect(from).toBe(many.draws);
  }
  await reader.close();
});

test("blocks smaller than a chain make the same files", async () => {
  const run = join(dir, "blocks");
  const own = { ...draws, variables: draws.variables.slice(1), chains: 2, draws: 9 };
  const values = autoregressive(4, own.variables.length * 2, 9, 0.5);
  await writeRunFolder(run, runOf({ ...own, values }));
  const folder = await readRunFolder(run);
  const reader = await DrawsReader.open(join(run, "draws.arrow"));
  const all = [...own.variables.keys()];
  const few = own.variables.length * 4;

  const texts = await Promise.all(
    [undefined, few].map(async (size) => {
      let text = "";
      for await (const piece of drawsToCsv(own.variables, reader.blocks(all, undefined, size), 9))
        text += piece;
      return text;
    }),
  );
  expect(texts[1]).toBe(texts[0]);

  const parquet = join(dir, "blocks.parquet");
  await exportParquet(parquet, reader, all, folder.manifest, few);
  const bytes = new Uint8Array(readFileSync(parquet));
  expect(parquetMetadata(bytes.buffer).row_groups).toHaveLength(6);
  expect((await readParquetDraws(bytes, parquet)).draws).toEqual({ ...own, values });

  const netcdf = join(dir, "blocks.nc");
  await exportInferenceData(netcdf, reader, all, folder, 8);
  const { File } = await import("h5wasm/node");
  const f = new File(netcdf, "r");
  const effects = f.get("posterior/r_g") as Dataset;
  // the two levels of g are variables 1 and 2
  const expected = Float64Array.from({ length: 36 }, (_, k) => values[18 * (1 + (k % 2)) + (k >> 1)]!);
  expect(effects.value).toEqual(expected);
  f.close();
  await reader.close();
});

describe("SIMULATED", () => {
  test.each(["latex", "markdown", "json", "stan-csv"] as const)("%s says it", async (to) => {
    const { files } = await exportRun({ run: small, to, out: join(dir, `simulated.${to}`) });
    for (const file of files) expect(readFileSync(file, "utf8")).toContain("SIMULATED data");
  });
  test("parquet and arrow carry it as metadata", async () => {
    const [parquet, arrow] = [join(dir, "s.parquet"), join(dir, "s.arrow")];
    await exportRun({ run: small, to: "parquet", out: parquet });
    await exportRun({ run: small, to: "arrow", out: arrow });
    const { buffer } = new Uint8Array(readFileSync(parquet));
    expect(parquetMetadata(buffer).key_value_metadata).toContainEqual({
      key: "simulated",
      value: "SIMULATED data",
    });
    expect(tableFromIPC(readFileSync(arrow)).schema.metadata.get("formula")).toBe("y ~ x + (1 | g)");
  });
});

describe("files", () => {
  test("are not replaced without force, and a failure leaves nothing", async () => {
    const out = join(dir, "there.csv");
    writeFileSync(out, "mine");
    await expect(exportRun({ run: small, to: "csv", out })).rejects.toThrow(
      /there\.csv: is there already; --force replaces it/,
    );
    expect(readFileSync(out, "utf8")).toBe("mine");
    const broken = join(dir, "broken");
    mkdirSync(broken);
    for (const name of readdirSync(small)) writeFileSync(join(broken, name), readFileSync(join(small, name)));
    writeFileSync(
      join(broken, "hypotheses.json"),
      '{"alpha": 0.05, "robust": false, "draws": 8, "rows": [{}]}',
    );
    await expect(exportRun({ run: broken, to: "latex", out: join(broken, "x.tex") })).rejects.toThrow(
      /hypotheses\.json: 'rows\[0\]\.hypothesis' is missing/,
    );
    expect(readdirSync(broken).filter((name) => name.includes("x.tex"))).toEqual([]);
    await expect(exportRun({ run: small, to: "parquet", out: join(out, "below.parquet") })).rejects.toThrow(
      /below\.parquet: is not a folder, or lies below a file/,
    );
  });

  test("of different runs in one folder are not taken for a run", async () => {
    const mixed = join(dir, "mixed");
    mkdirSync(mixed);
    for (const name of readdirSync(small))
      writeFileSync(join(mixed, name), readFileSync(join(name === "draws.arrow" ? large : small, name)));
    await expect(exportRun({ run: mixed, to: "csv", out: join(dir, "mixed.csv") })).rejects.toThrow(
      /draws\.arrow: has 3 chains of 5001 draws, but manifest\.json says 2 of 3/,
    );
  });

  test("tables leave out group levels unless they are asked for, and show saved hypotheses", async () => {
    const run = join(dir, "tested");
    await writeRunFolder(run, runOf(draws));
    const row = {
      hypothesis: "b_x > 0",
      sign: ">",
      estimate: 1,
      est_error: 1,
      ci_lower: 0,
      ci_upper: 2,
      ci_level: 0.9,
    };
    writeFileSync(
      join(run, "hypotheses.json"),
      JSON.stringify({
        alpha: 0.05,
        robust: false,
        draws: 8,
        rows: [{ ...row, evidence_ratio: "Inf", post_prob: 1, star: "*" }],
      }),
    );
    const text = async (variables: string[]) => {
      let all = "";
      await exportText({ run, to: "markdown", variables }, async (piece) => {
        all += piece;
      });
      return all;
    };
    expect(await text([])).not.toContain("r_g[");
    expect(await text([])).toContain("| `b_x > 0` | 1.000 |");
    expect(await text(["r_g*"])).toContain('`r_g["q" / 2,Intercept]`');
    // type 7 quantiles of 11 to 16 at 2.5% and 97.5%
    expect(await text(["m[1,1]"])).toContain("| `m[1,1]` | 13.50 | 1.87 | 11.13 | 15.88 |");
  });

  test("every text format goes to a writer as it goes to a file", async () => {
    for (const to of TEXT_FORMATS) {
      const out = join(dir, `same.${to}`);
      await exportRun({ run: small, to, out });
      let all = "";
      await exportText({ run: small, to }, async (piece) => {
        all += piece;
      });
      expect(all).toBe(readFileSync(out, "utf8"));
    }
    expect(existsSync(join(dir, "same.csv"))).toBe(true);
    const { summary, note } = JSON.parse(readFileSync(join(dir, "same.json"), "utf8"));
    expect(Object.keys(summary.variables)).toEqual(draws.variables);
    expect(note).toContain("SIMULATED");
  });
});
