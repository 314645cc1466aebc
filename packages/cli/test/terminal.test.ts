import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { duration, progressBar } from "../src/terminal/progress.ts";
import { alignColumns, digits, number } from "../src/terminal/table.ts";
import { version } from "../src/version.ts";

const progress = (iteration: number) => ({
  phase: "sampling" as const,
  chains: 4,
  iteration,
  total: 100,
  stepSize: 0.9,
  acceptance: 0.85,
  divergences: 0,
});

function record(isTTY: boolean): {
  lines: string[];
  output: { isTTY: boolean; columns: number; write(text: string): void };
} {
  const lines: string[] = [];
  return { lines, output: { isTTY, columns: 200, write: (text) => void lines.push(text) } };
}

describe("progress", () => {
  it("rewrites one line on a terminal, with the time left", () => {
    const { lines, output } = record(true);
    let time = 0;
    const bar = progressBar("fit", output, "auto", () => time);
    bar.update(progress(10));
    time = 5;
    bar.update(progress(60));
    bar.done();
    expect(lines[1]).toContain("240/400");
    expect(lines[1]).toContain("4.0 s left");
    expect(lines[1]!.startsWith("\r")).toBe(true);
    expect(lines[2]).toBe("\r\x1b[2K");
  });

  it("is a plain line now and then where it is piped", () => {
    const { lines, output } = record(false);
    let time = 0;
    const bar = progressBar("fit", output, "auto", () => time);
    for (; time < 25; time++) bar.update(progress(time * 4));
    bar.done();
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.endsWith("\n") && !line.includes("\x1b"))).toBe(true);
  });

  it.each([60, 80, 100])("fits %i columns, and says first what matters most", (columns) => {
    const { lines, output } = record(true);
    let time = 0;
    const bar = progressBar("fit 3 of 8, 1a-values-guided", { ...output, columns }, "auto", () => time);
    const many = { ...progress(0), total: 250_000, ess: 123_456, divergences: 12 };
    bar.update(many);
    time = 3601;
    bar.update({ ...many, iteration: 25_000 });
    const line = lines[1]!.slice("\r\x1b[2K".length);
    expect(line.length).toBeLessThan(columns);
    expect(line).toContain("100,000/1,000,000");
    expect(line).toContain("9 h 0 min left");
    if (columns >= 80) expect(line).toContain("12 divergent");
    if (columns >= 100) expect(line).toContain("ESS about 120,000");
  });

  it("is one JSON object a line where that is asked for", () => {
    const { lines, output } = record(true);
    let time = 0;
    const bar = progressBar("fit", output, "json", () => time);
    for (; time < 3; time += 0.25) bar.update(progress(time * 20));
    bar.say("resumed");
    bar.done();
    expect(lines.map((line) => JSON.parse(line).event)).toEqual([...Array(3).fill("progress"), "note"]);
    expect(JSON.parse(lines[2]!)).toMatchObject({ phase: "sampling", iteration: 40, seconds_left: 3 });
  });

  it("is nothing if quiet", () => {
    const { lines, output } = record(true);
    progressBar("fit", output, "none").update(progress(1));
    expect(lines).toEqual([]);
  });

  it.each([
    [3.21, "3.2 s"],
    [45.4, "45 s"],
    [200, "3 min 20 s"],
    [179.7, "3 min 0 s"],
    [3599.8, "1 h 0 min"],
    [7300, "2 h 1 min"],
  ])("says %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe("tables", () => {
  it("keep within 100 columns by closing up, where that is enough", () => {
    const cells = (n: number) => ["sd_user_id:conversation_id__Intercept", ...Array(7).fill("x".repeat(n))];
    expect(alignColumns([cells(7)]).length).toBe(37 + 7 * 9);
    expect(alignColumns([cells(8)]).length).toBe(37 + 7 * 9);
  });

  it("align names to the left and numbers to the right", () => {
    expect(
      alignColumns([
        ["", "a"],
        ["long", "1"],
        ["x", "10"],
      ]),
    ).toBe("       a\nlong   1\nx     10");
  });

  it("show the digits that the Monte Carlo error supports", () => {
    const v = { mean: 0, median: 0, sd: 1, mad: 1, q5: 0, q95: 0, rhat: 1, ess_bulk: 1, ess_tail: 1 };
    expect(digits({ ...v, mcse_mean: 0.02 })).toBe(2);
    expect(digits({ ...v, mcse_mean: 0.0004 })).toBe(4);
    expect(digits({ ...v, mcse_mean: null })).toBe(3);
  });
});

it("knows its version", () => {
  expect(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version).toBe(version);
});

it("a rounded zero has no minus", () => {
  expect([number(-0.004, 2), number(-0.005001, 2), number(null, 2)]).toEqual(["0.00", "-0.01", "NA"]);
});
