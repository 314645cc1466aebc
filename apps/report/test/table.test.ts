import type { TableRow } from "@bridgewise/core";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { num, numeric, textual } from "../src/page/cells.ts";
import { publishedTable } from "../src/page/published-table.ts";
import { csvOf, type DataTable, makeTable, quote } from "../src/page/table.ts";
import { makeResults } from "./plan-output.ts";
import { makeRun } from "./runs.ts";

beforeAll(() => {
  Object.assign(globalThis, { document: parseHTML("<!doctype html><html><body></body></html>").document });
});

const column = ({ element }: DataTable, k: number): string[] =>
  [...element.querySelectorAll("tbody tr")].map((row) => row.children[k]!.textContent!);

const press = ({ element }: DataTable, name: string): HTMLElement => {
  const head = [...element.querySelectorAll("thead th")].find((one) => one.textContent === name)!;
  head.querySelector("button")!.dispatchEvent(new (document.defaultView as typeof window).Event("click"));
  return head as HTMLElement;
};

describe("a table", () => {
  const rows = [9.5, -10.25, 100, undefined, 2].map((value, i) => [
    { text: `row ${i}` },
    num(value, 1),
    { text: value === 100 ? "> 100" : "x", value: value === 100 ? Number.POSITIVE_INFINITY : value },
  ]);
  const made = () =>
    makeTable("Caption", "file", [textual("Name"), numeric("Value"), numeric("Ratio")], rows, {
      ids: ["a", "b", "c", "d", "e"],
    });

  it("is sorted by numbers, not by their texts; a second time the other way round", () => {
    const table = made();
    const head = press(table, "Value");
    expect(column(table, 1)).toEqual(["100.0", "9.5", "2.0", "\u221210.3", "–"]);
    expect(head.getAttribute("aria-sort")).toBe("descending");
    press(table, "Value");
    expect(column(table, 1)).toEqual(["–", "\u221210.3", "2.0", "9.5", "100.0"]);
    expect(head.getAttribute("aria-sort")).toBe("ascending");
    press(table, "Ratio");
    expect(column(table, 0)[0]).toBe("row 2");
    expect(head.getAttribute("aria-sort")).toBeNull();
    press(table, "Name");
    expect(column(table, 0)).toEqual(["row 0", "row 1", "row 2", "row 3", "row 4"]);
  });

  it("shows chosen rows, sorted or not", () => {
    const table = made();
    expect(table.filter((i) => i !== 2)).toBe(4);
    press(table, "Value");
    expect(column(table, 0)).toEqual(["row 0", "row 4", "row 1", "row 3"]);
  });

  it("has whole numbers in its file, and texts that no spreadsheet runs", () => {
    expect(made().csv().split("\n").slice(0, 3)).toEqual([
      "Name,Value,Ratio",
      "row 0,9.5,9.5",
      "row 1,-10.25,-10.25",
    ]);
    expect(["=1+1", "+1", "@a", "-a", "-1", 'a"b', "a,b", "a\nb", "plain"].map(quote)).toEqual([
      ...["'=1+1", "'+1", "'@a", "'-a", "-1", '"a""b"', '"a,b"', '"a\nb"', "plain"],
    ]);
    expect(
      csvOf([{ name: "90%", numeric: true, parts: ["from", "to"] }], [[{ text: "", parts: [1, null] }]]),
    ).toBe("from,to\n1,");
  });
});

describe("rows beside published ones", () => {
  const [base] = makeResults(["1a-all"]).rows as [TableRow];
  const published: NonNullable<TableRow["published"]> = {
    direction: ">",
    ...{ term: "A", analysis: "1a", estimate: 0.4, est_error: 0.1 },
    ...{ ci_lower: 0.2, ci_upper: 0.6, evidence_ratio: null, post_prob: 1, star: "*" },
  };
  const data = { title: "", created: "", version: "", runs: [makeRun("1a-all")] };
  const table = (...rows: TableRow[]) => publishedTable(data, "Caption", "file", rows);

  it("tell every number that was published, infinite ratios as the number of draws", () => {
    const rows = [{ ...base, published, difference_se: 4.25 }, base];
    // heads with a comma in them are quoted
    const [heads, values] = table(...rows)
      .csv()
      .split("\n")
      .map((line) => [...line.matchAll(/"([^"]*)"|[^,"]+|(?<=,)(?=,|$)/g)].map((m) => m[1] ?? m[0]));
    const cells = Object.fromEntries(heads!.map((head, k) => [head, values![k]]));
    expect(cells).toMatchObject({
      ...{ Coefficient: "A", Data: "all", b: "> 0", "Ours: Estimate": "1", "Ours: Error": "0.1" },
      ...{ "Ours: 90% interval, lower": "0.8", "Ours: 90% interval, upper": "1.2", "Ours: Mark": "*" },
      ...{
        "Published: Estimate": "0.4",
        "Published: Error": "0.1",
        "Published: P": "1",
        "Apart, SE": "4.25",
      },
      ...{ "0.1 more: Odds ratio": "1.1", "0.1 more: PAPER\u2019s formula, %": "17.2" },
    });
    const text = table(...rows).element.textContent!;
    expect(text).toContain("> 100 *");
    expect(text).toContain("Inf *");
    expect(table(...rows).element.querySelectorAll("td.far")).toHaveLength(1);
    expect(table({ ...base, published, difference_se: 2.9 }).element.querySelectorAll("td.far")).toHaveLength(
      0,
    );
  });

  it("leave columns of a paper out where there is none", () => {
    expect(table(base).csv()).not.toMatch(/Published|PAPER|Apart/);
  });

  it("hide the columns of a heading on screens, in heads and rows alike", () => {
    const made = table({ ...base, published });
    made.leaveOut(["Published"]);
    const away = [...made.element.querySelectorAll(".away")];
    // a heading over five, their five, and five cells
    expect(away).toHaveLength(11);
    made.leaveOut([]);
    expect(made.element.querySelectorAll(".away")).toHaveLength(0);
  });
});
