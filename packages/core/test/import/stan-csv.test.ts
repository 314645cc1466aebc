import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readStanCsv, separateSampler } from "../../src/import/index.ts";
import { InputError } from "../../src/input-error.ts";
import { importRun } from "../../src/node/import-run.ts";
import { readRunFolder } from "../../src/node/run-folder.ts";
import { expectRelative } from "../posterior/closeness.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-import-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/exports/${name}`, import.meta.url));

interface Facts {
  readonly draws: number;
  readonly divergences: number;
  readonly acceptance: number;
  readonly step_size: number;
  readonly gradients: number;
  readonly bfmi: readonly number[];
  readonly variables: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const facts = JSON.parse(readFileSync(fixture("rstan.json"), "utf8")) as Record<"rstan" | "thinned", Facts>;

describe("rstan's files have the summaries that posterior gives after read_stan_csv", () => {
  test.each([
    ["rstan", "rstan_", 60],
    ["thinned", "rstan-thin_", 60],
  ] as const)("%s", async (name, stem, warmup) => {
    const out = join(dir, name);
    const files = [1, 2].map((chain) => fixture(`${stem}${chain}.csv`));
    const { summary, diagnostics, manifest } = await importRun({ files, out, version: "1.2.3" });
    const theirs = facts[name];
    expect(manifest).toMatchObject({ chains: 2, draws: theirs.draws, warmup, family: "(imported)" });
    expect(summary.divergences).toBe(theirs.divergences);
    expectRelative(diagnostics.acceptance, theirs.acceptance, 1e-12, "acceptance");
    expectRelative(diagnostics.step_size, theirs.step_size, 1e-12, "step size");
    expectRelative(diagnostics.gradients_per_draw, theirs.gradients, 1e-12, "gradients");
    expect(diagnostics.ebfmi).toHaveLength(2);
    theirs.bfmi.forEach((value, c) => {
      expectRelative(diagnostics.ebfmi![c], value, 1e-10, `E-BFMI of chain ${c + 1}`);
    });
    expect(Object.keys(summary.variables)).toEqual(Object.keys(theirs.variables));
    for (const [variable, expected] of Object.entries(theirs.variables))
      for (const [field, value] of Object.entries(expected))
        expectRelative(
          summary.variables[variable]![field as "mean"],
          value,
          1e-10,
          `${field} of ${variable}`,
        );
    // what was written is a run folder like any other
    const folder = await readRunFolder(out);
    expect(folder.manifest).toEqual(manifest);
    expect((await folder.readDraws()).variables).toContain("m[2,1]");
  });

  test("R's own CSV of the same draws gives the same run", async () => {
    const csv = await importRun({ files: [fixture("posterior.csv")], out: join(dir, "csv"), version: "1" });
    expect(csv.manifest.imported).toMatchObject({ format: "csv", sampler: ["lp__"] });
    for (const [variable, expected] of Object.entries(facts.rstan.variables))
      expectRelative(csv.summary.variables[variable]!.mean, expected["mean"]!, 1e-10, variable);
  });
});

/** CmdStan's layout, as its documentation and its readers have it. */
const cmdstan = (id: number, { warmup = "", rows = "-1,0.9,0,1.5,2\n-2,0.8,1,nan,-inf\n" } = {}): string =>
  `# stan_version_major = 2
# model = a_model
# method = sample (Default)
#   sample
#     num_samples = 2
#     num_warmup = 3
#     save_warmup = ${warmup === "" ? "false (Default)" : "true"}
#     thin = 1 (Default)
# id = ${id}
# random
#   seed = 12 (Default)
lp__,accept_stat__,divergent__,b.1,b.2
${warmup}# Adaptation terminated
# Step size = 0.8
# Diagonal elements of inverse mass matrix:
# 1, 2
${rows}#
#  Elapsed Time: 0.01 seconds (Warm-up)
#
`;
const WARMUP = "-9,0,1,9,9\n".repeat(3);

describe("CmdStan's layout", () => {
  test.each([
    ["without warm-up", ""],
    ["with warm-up, which is dropped", WARMUP],
  ])("%s", async (_, warmup) => {
    const read = await readStanCsv([
      { file: "1.csv", text: [cmdstan(1, { warmup })] },
      // cut into pieces anywhere, with the line ends of Windows
      {
        file: "2.csv",
        text: cmdstan(2, { warmup })
          .replaceAll("\n", "\r\n")
          .match(/.{1,7}/gs)!,
      },
    ]);
    expect(read).toMatchObject({ warmup: 3, seed: 12, simulated: false });
    const { draws, columns, divergences, acceptance } = separateSampler(read.draws);
    expect(draws.variables).toEqual(["b[1]", "b[2]"]);
    expect([...draws.values]).toEqual([1.5, Number.NaN, 1.5, Number.NaN, 2, -Infinity, 2, -Infinity]);
    expect(columns).toEqual(["lp__", "accept_stat__", "divergent__"]);
    expect(divergences).toBe(2);
    expect(acceptance).toBeCloseTo(0.85, 12);
  });
});

async function messageOf(files: readonly string[]): Promise<string> {
  const given = files.map((text, k) => ({ file: `${k + 1}.csv`, text: [text] }));
  const error = await readStanCsv(given).then(
    () => new Error("nothing was thrown"),
    (e: unknown) => e as Error,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).not.toContain("\n");
  return error.message;
}

describe("bad files are one line each", () => {
  const good = cmdstan(1);
  test.each<[string, readonly string[], RegExp]>([
    ["empty", [""], /^1\.csv: the file is empty; copy it again/],
    ["only comments", ["# method = sample\n"], /^1\.csv: holds no draws, only comments/],
    ["only a header", ["lp__,x\n"], /^1\.csv: holds no draws after 0 of warm-up \(0 rows\)/],
    [
      "cut in a row",
      [good.slice(0, good.indexOf(",nan"))],
      /^1\.csv, line 18: 3 cells where the header has 5: the file is cut off here/,
    ],
    [
      "cut in the last cell",
      [good.slice(0, good.indexOf("inf\n") - 1)],
      /^1\.csv, line 18: the last line has no end|not a number/,
    ],
    [
      "cut after a row",
      [good.slice(0, good.indexOf("-2,"))],
      /^1\.csv, line 17: has 1 draws after warm-up, but its comments say 2: the file is cut off/,
    ],
    [
      "warm-up alone",
      [cmdstan(1, { warmup: WARMUP, rows: "" })],
      /^1\.csv: holds no draws after 3 of warm-up/,
    ],
    [
      "rows added",
      [cmdstan(1, { rows: "1,1,0,1,1\n".repeat(3) })],
      /has 3 draws after warm-up, but its comments say 2: rows were added/,
    ],
    [
      "no number",
      [good.replace("0.9", "abc")],
      /^1\.csv, line 17, column 'accept_stat__': 'abc' is not a number/,
    ],
    [
      "an empty cell",
      [good.replace("0.9", "")],
      /^1\.csv, line 17, column 'accept_stat__': '' is not a number/,
    ],
    [
      "a hexadecimal number",
      [good.replace("0.9", "0x1")],
      /^1\.csv, line 17, column .accept_stat__.: .0x1. is not a number/,
    ],
    ["a column twice", [good.replace("b.2", "b.1")], /^1\.csv, line 12: 'b\.1' is there twice/],
    [
      "no header",
      [good.replace(/^lp__.*\n/m, "")],
      /^1\.csv, line 16: '-1' is no name of a variable: this is not a Stan CSV file/,
    ],
    [
      "an optimum",
      [good.replace("method = sample (Default)", "method = optimize")],
      /method 'optimize', not draws of Markov chains/,
    ],
    [
      "other columns",
      [good, good.replace("b.2", "c")],
      /^2\.csv: column 5 is 'c', in 1\.csv 'b\.2': these are chains of different models/,
    ],
    [
      "a column less",
      [good, "lp__,accept_stat__,divergent__,b.1\n1,1,0,1\n"],
      /^2\.csv: column 5 is missing, in 1\.csv 'b\.2'/,
    ],
    [
      "unequal lengths",
      [good, "lp__,accept_stat__,divergent__,b.1,b.2\n1,1,0,1,1\n"],
      /^2\.csv: has 1 draws, but 1\.csv has 2: chains must be equally long/,
    ],
  ])("%s", async (_, files, message) => {
    expect(await messageOf(files)).toMatch(message);
  });

  test("a file given twice, and a run that is there", async () => {
    const file = fixture("rstan_1.csv");
    const out = join(dir, "rstan");
    await expect(importRun({ files: [file, file], out: join(dir, "new"), version: "1" })).rejects.toThrow(
      /rstan_1\.csv: is given twice/,
    );
    await expect(importRun({ files: [file], out, version: "1" })).rejects.toThrow(
      /holds a run already; --force replaces it/,
    );
  });
});
