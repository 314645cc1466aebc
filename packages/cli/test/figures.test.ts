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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise } from "./command.ts";
import { wellDone } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-figures-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const run = join(dir, "made");
const figures = (...args: string[]): string => wellDone(["figures", ...args]);
const fails = (...args: string[]): string => {
  const { status, stdout, stderr } = bridgewise(["figures", ...args]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  return stderr.trim();
};

interface Listed {
  readonly id: string;
  readonly page: string;
  readonly title: string;
  readonly caption: string;
  readonly files: readonly string[];
}
const json = (...args: string[]): Listed[] => JSON.parse(figures(...args, "--json")).figures;

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${(i % 5) / 5},g${i % 4}`);
  writeFileSync(join(dir, "data.csv"), `y,x,g\n${rows.join("\n")}\n`);
  const size = ["--family", "gaussian", "--warmup", "50", "--draws", "50", "--chains", "2", "--seed", "1"];
  wellDone(["fit", "y ~ x + (1 | g)", "--data", join(dir, "data.csv"), ...size, "--out", run, "--quiet"]);
});

describe("bridgewise figures", () => {
  it("names the figures of a run and writes nothing", () => {
    const before = readdirSync(dir);
    const [head, ...lines] = figures(run, "--list").trimEnd().split("\n");
    expect(head).toMatch(/^Figure +Page +Title$/);
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(
      expect.arrayContaining(["y-gaussian", "levels-y-gaussian-g", "convergence", "ranks-made"]),
    );
    expect(readdirSync(dir)).toEqual(before);
  });

  it("writes the wanted figures in the wanted formats, and says how many", () => {
    const out = join(dir, "some");
    const said = figures(run, "--out", out, "--format", "svg,PNG,pdf", "--only", "y-gaussian,convergence");
    expect(said).toBe(`6 files of 2 figures in ${out}\n`);
    const names = ["y-gaussian", "convergence"].flatMap((id) =>
      ["svg", "png", "pdf"].map((end) => `${id}.${end}`),
    );
    expect(readdirSync(out).sort()).toEqual(names.sort());
    const start = (name: string): string => readFileSync(join(out, name)).subarray(0, 5).toString("latin1");
    expect(start("y-gaussian.svg")).toBe("<svg ");
    expect(start("y-gaussian.png")).toBe("\x89PNG\r");
    expect(start("y-gaussian.pdf")).toBe("%PDF-");
    expect(readFileSync(join(out, "y-gaussian.svg"), "utf8")).not.toContain("SIMULATED");
  });

  it("draws at the wanted width, with the wanted intervals and dots an inch, and lists its files", () => {
    const made = (name: string, ...more: string[]): Listed => {
      const args = ["--out", join(dir, name), "--only", "y-gaussian", "--format", "svg,png", ...more];
      const listed = json(run, ...args);
      expect(listed).toHaveLength(1);
      return listed[0]!;
    };
    const [plain, other] = [made("plain"), made("other", "--width", "480", "--level", "0.5", "--dpi", "300")];
    expect(plain.caption).toContain("thin line the 90% interval");
    expect(other.caption).toContain("thin line the 50% interval");
    const widths = (files: readonly string[]): (string | number | undefined)[] => [
      / width="(\d+)"/.exec(readFileSync(files[0]!, "utf8"))?.[1],
      // of its header, big-endian
      readFileSync(files[1]!).readUInt32BE(16),
    ];
    expect(plain.files).toEqual(["svg", "png"].map((end) => join(dir, "plain", `y-gaussian.${end}`)));
    // 192 and 300 dots an inch of 96 px
    expect(widths(plain.files)).toEqual(["720", 1440]);
    expect(widths(other.files)).toEqual(["480", 1500]);
  });

  it("refuses what it does not know, and says what there is", () => {
    expect(fails(run, "--out", join(dir, "no"), "--format", "svg,gif")).toBe(
      "bridgewise: --format: 'gif' is none; there are svg, png, pdf",
    );
    expect(fails(run, "--list", "--only", "convergance")).toMatch(
      /--only: there is no figure 'convergance'; did you mean 'convergence'\? there are y-gaussian/,
    );
    expect(fails(run)).toContain("say where the figures go with --out DIR, or name them with --list");
    expect(fails(run, "--list", "--width", "100")).toContain("--width is between 320 and 1100 px: 100");
    expect(fails(run, "--list", "--level", "0.7")).toContain("--level is one of 0.5, 0.66, 0.8, 0.9");
    expect(existsSync(join(dir, "no"))).toBe(false);
  });

  it("refuses a folder that is no run", () => {
    const none = join(dir, "none");
    mkdirSync(none);
    expect(fails(none, "--list")).toContain("not found, so this is no finished run");
    expect(fails(join(none, "lower"), "--list")).toContain("the run folder does not exist");
  });
});
