import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quantile } from "@bridgewise/core";
import { readRunFolder } from "@bridgewise/core/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { launch } from "./chromium.ts";
import { type Opened, open } from "./opened.ts";
import { cells, goTo } from "./rooms.ts";

let browser: Browser;
let opened: Opened;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** Opens a page of the demo's report for each test, and holds that nothing went wrong in it. */
function on(hash: string): void {
  beforeEach(async () => {
    opened = await open(browser, join(inject("demo"), "report/index.html"));
    await goTo(opened.page, hash);
    return async () => {
      await opened.close();
      expect(opened.problems).toEqual([]);
    };
  });
}

const FIGURE = "#page-figures figure >> nth=0";

/** A number as the page writes it. */
const number = (text: string | undefined): number => Number(text?.replace("−", "-").replaceAll(",", ""));

/** The figure's table: a row's numbers by its name. */
async function numbers(page: Page): Promise<Map<string, number[]>> {
  const details = page.locator(`${FIGURE} >> details`);
  await details.evaluate((node: HTMLDetailsElement) => {
    node.open = true;
  });
  // it is filled when it is opened
  await details.locator("tbody tr").first().waitFor();
  const rows = await cells(page, `${FIGURE} >> table`);
  return new Map(rows.map(([name, ...values]) => [name!, values.map(number)]));
}

/** Sorted draws of a coefficient, as the run folder has them. */
async function drawsOf(run: string, variable: string): Promise<Float64Array> {
  const draws = await (await readRunFolder(join(inject("demo"), "runs", run))).openDraws();
  try {
    return (await draws.read(draws.variables.indexOf(variable))).toSorted();
  } finally {
    await draws.close();
  }
}

/** As near as the page's digits can be. */
function expectNear(found: readonly (number | undefined)[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, x] of expected.entries())
    expect(Math.abs(found[i]! - x), `${found[i]} for ${x}`).toBeLessThanOrEqual(
      6e-4 * Math.max(1, Math.abs(x)),
    );
}

describe("figures", () => {
  on("figures");

  it.each([
    ["coefficient", (b: number) => b],
    ["ratio", (b: number) => Math.exp(b)],
    ["percent", (b: number) => 100 * Math.expm1(0.1 * b)],
  ] as const)("show the draws' quantiles on the scale '%s'", async (scale, on) => {
    const { page } = opened;
    await page.locator("#page-figures").getByLabel("Scale").selectOption(scale);
    const sorted = await drawsOf("1a-all", "b_CURIOSITY");
    const row = (await numbers(page)).get("CURIOSITY");
    expectNear(
      row!.slice(0, 5),
      [0.5, 0.25, 0.75, 0.05, 0.95].map((p) => on(quantile(sorted, p))),
    );
    expect(new URL(page.url()).hash).toBe(scale === "coefficient" ? "#figures" : `#figures?scale=${scale}`);
  });

  it.each([0.5, 0.66, 0.8, 0.95, 0.99])("show intervals of the chosen width, %d", async (level) => {
    const { page } = opened;
    await page.locator("#page-figures").getByLabel("Interval").selectOption(String(level));
    const sorted = await drawsOf("1a-all", "b_CURIOSITY");
    const row = (await numbers(page)).get("CURIOSITY");
    expectNear(
      row!.slice(3, 5),
      [(1 - level) / 2, (1 + level) / 2].map((p) => quantile(sorted, p)),
    );
    const word = `${Math.round(100 * level)}% interval`;
    expect(await page.locator(`${FIGURE} >> figcaption`).textContent()).toContain(word);
    // a link shows the same
    const before = await numbers(page);
    await page.reload();
    await goTo(page, new URL(page.url()).hash.slice(1));
    expect(await numbers(page)).toEqual(before);
  });

  it("show the attributes that are chosen, by keyboard", async () => {
    const { page } = opened;
    const before = [...(await numbers(page)).keys()];
    expect(before).toContain("CURIOSITY");
    const list = page.locator("#page-figures details.several", { hasText: "Attributes" });
    await list.locator("summary").focus();
    await page.keyboard.press("Enter");
    await list.getByLabel("CURIOSITY").focus();
    await page.keyboard.press("Space");
    expect([...(await numbers(page)).keys()]).toEqual(before.filter((name) => name !== "CURIOSITY"));
    expect(await list.locator("summary").textContent()).toMatch(/(\d+) of \d+/);
    await list.getByRole("button", { name: "All" }).click();
    expect([...(await numbers(page)).keys()]).toEqual(before);
  });

  it("show the subsets that are chosen", async () => {
    const { page } = opened;
    const second = page.locator("#page-figures figure >> nth=1");
    const drawn = async () => (await second.locator("svg").first().textContent())!;
    expect(await drawn()).toContain("unguided");
    const list = page.locator("#page-figures details.several", { hasText: "Subsets" });
    await list.locator("summary").click();
    await list.getByLabel("unguided", { exact: true }).uncheck();
    expect(await drawn()).not.toContain("unguided");
    expect(await drawn()).toContain("value guided");
  });

  it("tell exact numbers to those who hover", async () => {
    const { page } = opened;
    const [median] = (await numbers(page)).get("CURIOSITY")!;
    const svg = page.locator(`${FIGURE} >> .frame > svg`);
    const label = (await svg.locator("text", { hasText: /^CURIOSITY$/ }).boundingBox())!;
    const { x, width } = (await svg.boundingBox())!;
    const told: string[] = [];
    for (let along = x; along < x + width; along += 20) {
      await page.mouse.move(along, label.y + label.height / 2);
      told.push(...(await svg.locator('[aria-label="tip"]').allTextContents()));
    }
    const [, found] = /CURIOSITY\W+median ([−.\d]+)/.exec(told.join("\n")) ?? [];
    expectNear([number(found)], [median!]);
  });

  it("can be saved as SVG and CSV", async () => {
    const { page } = opened;
    for (const [kind, start] of [
      ["SVG", "<?xml"],
      ["CSV", "Term,"],
    ] as const) {
      const waiting = page.waitForEvent("download");
      await page.locator(`${FIGURE} >> button`, { hasText: kind }).click();
      const text = readFileSync(await (await waiting).path(), "utf8");
      expect(text.replace(/^\uFEFF/, "").startsWith(start), text.slice(0, 80)).toBe(true);
      if (kind === "SVG") expect(text).toContain("SIMULATED");
    }
  });
});

describe("tables", () => {
  on("tables");
  const TABLE = "#page-tables table >> nth=0";

  /** Sorts by the first column of this heading, which an arrow may follow. */
  const sortBy = (page: Page, name: string) =>
    page
      .locator(TABLE)
      .getByRole("columnheader", { name: new RegExp(`^${name}`) })
      .first()
      .getByRole("button");

  it("are sorted by a column, by mouse and by keyboard", async () => {
    const { page } = opened;
    const column = 4;
    const estimates = async () => (await cells(page, TABLE)).map((row) => number(row[column]));
    const before = await estimates();
    await sortBy(page, "Estimate").click();
    expect(await estimates()).toEqual(before.toSorted((a, b) => b - a));
    const head = page.locator(`${TABLE} >> th[aria-sort]`);
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    await sortBy(page, "Estimate").focus();
    await page.keyboard.press("Enter");
    expect(await estimates()).toEqual(before.toSorted((a, b) => a - b));
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(before).not.toEqual(before.toSorted((a, b) => a - b));
  });

  it("have each of our numbers", async () => {
    const { page } = opened;
    const { rows } = JSON.parse(readFileSync(join(inject("demo"), "tables.json"), "utf8")) as {
      rows: { term: string; ours: { estimate: number } }[];
    };
    const shown = await page.locator("#page-tables table").evaluateAll((tables) =>
      tables.flatMap((table) => {
        const heads = [...table.querySelectorAll("thead tr:last-child th")].map((head) => head.textContent);
        const at = heads.indexOf("Estimate");
        return [...table.querySelectorAll("tbody tr")].map((row) => row.children[at]?.textContent ?? "");
      }),
    );
    expect(shown.length).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(50);
    for (const [i, { term, ours }] of rows.entries()) {
      const digits = shown[i]!.split(".")[1]?.length ?? 0;
      expect(Math.abs(number(shown[i]) - ours.estimate), `${term}, row ${i + 1}`).toBeLessThanOrEqual(
        0.501 * 10 ** -digits,
      );
    }
  });

  it("mark the row that a sentence leads to", async () => {
    const { page } = opened;
    await goTo(page, "found");
    const link = page.locator("#page-found ul.sentences a").first();
    const row = new URLSearchParams((await link.getAttribute("href"))!.split("?")[1]).get("row");
    await link.click();
    await page.waitForSelector("#page-tables:not([hidden])");
    const target = page.locator(`[id="${row}"]`);
    expect(await target.count()).toBe(1);
    await expect.poll(() => target.evaluate((tr) => tr.getBoundingClientRect().top)).toBeLessThan(800);
    await expect.poll(() => target.evaluate((tr) => tr.getBoundingClientRect().top)).toBeGreaterThan(0);
  });
});

it("the colours follow the reader's choice", async () => {
  opened = await open(browser, join(inject("plain"), "report/index.html"));
  const { page } = opened;
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByLabel("Colours").selectOption("dark");
  expect(await paper()).not.toBe(light);
  expect(opened.problems).toEqual([]);
  await opened.close();
});
