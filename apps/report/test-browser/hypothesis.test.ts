import { cpSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HypothesisTable } from "@bridgewise/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { bridgewise } from "../../../packages/cli/test/command.ts";
import { launch } from "./chromium.ts";
import { open } from "./opened.ts";
import { cells } from "./rooms.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

const BOX = ".hypothesis-box";

async function ask(page: Page, text: string): Promise<void> {
  await page.locator(`${BOX} input`).fill(text);
  await page.locator(`${BOX} input`).press("Enter");
}

const number = (text: string): number | string =>
  text === "–" ? "–" : text === "Infinity" ? "Inf" : Number(text);

describe.each(["report/index.html", "report.html"])("the hypothesis box of %s", (file) => {
  it("gives what the command gives, on any fit", async () => {
    const { page, problems, close } = await open(browser, join(inject("demo"), file), { hash: "#ask" });
    const texts = [
      "b_CURIOSITY > 0.1",
      "TOXICITY < RESPECT",
      "exp(0.1 * b_AFFINITY) > 1",
      "sd_user_id__Intercept = 1",
    ];
    for (const run of ["1b-unguided", "1a-all"]) {
      await page.locator(`${BOX} select`).selectOption(run);
      await ask(page, texts.join("; "));
      await page.waitForSelector(`${BOX} table`);
      const { stdout, stderr } = bridgewise([
        "hypothesis",
        join(inject("demo"), "runs", run),
        ...texts,
        "--json",
      ]);
      expect(stderr).toBe("");
      const { rows } = JSON.parse(stdout) as HypothesisTable;
      const link = await page.locator(`${BOX} a[download]`).getAttribute("href");
      const [, ...lines] = decodeURIComponent(link!.split(",")[1]!).split("\n");
      const shown = lines.map((line) => line.split(",").slice(1, 7));
      expect(shown.length).toBe(rows.length);
      for (const [i, r] of rows.entries()) {
        const numbers = [r.estimate, r.est_error, r.ci_lower, r.ci_upper];
        // exp and log of other versions of V8 may differ in their last bit
        for (const [k, x] of numbers.entries())
          expect(Math.abs(Number(shown[i]![k]) - x!), `${r.hypothesis}, ${k}`).toBeLessThan(
            1e-12 * (Math.abs(x!) + r.est_error!),
          );
        expect(shown[i]!.slice(4).map(number)).toEqual([r.evidence_ratio ?? "–", r.post_prob ?? "–"]);
      }
      expect((await cells(page, `${BOX} table`)).map((row) => [row[0], row[7]])).toEqual(
        rows.map((row) => [row.hypothesis, row.star]),
      );
      await expect.poll(() => page.locator(`${BOX} [role=status]`).innerText()).toContain("Evidence ratio");
    }
    expect(problems).toEqual([]);
    await close();
  });

  it("shows what is wrong as core says it, with a caret under the place", async () => {
    const { page, close } = await open(browser, join(inject("demo"), file), { hash: "#ask" });
    await ask(page, "b_CURIOSTY > 0");
    const alert = page.locator(`${BOX} [role=alert]`);
    await expect.poll(() => alert.innerText()).toContain("did you mean");
    const pointer = (await alert.locator("pre").textContent())!.split("\n");
    expect(pointer).toEqual(["b_CURIOSTY > 0", "^"]);
    expect(await page.locator(`${BOX} input`).getAttribute("aria-invalid")).toBe("true");
    const { stderr, status } = bridgewise([
      "hypothesis",
      join(inject("demo"), "runs/1a-all"),
      "b_CURIOSTY > 0",
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain(await alert.locator("p").innerText());
    await ask(page, "CURIOSITY > 0");
    await page.waitForSelector(`${BOX} table`);
    expect([
      await alert.innerText(),
      await page.locator(`${BOX} input`).getAttribute("aria-invalid"),
    ]).toEqual(["", null]);
    await close();
  });

  it("gives the draws themselves as CSV, to the last digit", async () => {
    const { page, close } = await open(browser, join(inject("plain"), file), { hash: "#ask" });
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Draws as CSV" }).click();
    const text = await readFile(await (await waiting).path(), "utf8");
    const exported = join(dirname(inject("plain")), "draws.csv");
    expect(
      bridgewise(["export", join(inject("plain"), "runs/sleep"), "--to", "csv", "--out", exported, "--force"])
        .stderr,
    ).toBe("");
    const read = (csv: string) => {
      const [head, ...lines] = csv.trim().split("\n");
      const at = head!.split(",").indexOf("b_Days");
      return { head, days: lines.map((line) => Number(line.split(",")[at])) };
    };
    const { head, days } = read(text);
    expect(head).toContain("chain,iteration,b_Intercept,b_Days,");
    expect(days.length).toBe(4000);
    expect(days).toEqual(read(await readFile(exported, "utf8")).days);
    await close();
  });
});

it("rounded draws give the command's numbers but for rounding, and say so", async () => {
  const { page, problems, close } = await open(browser, join(inject("demo"), "rounded.html"), {
    hash: "#ask",
  });
  const texts = ["b_CURIOSITY > 0", "RESPECT < 0", "sd_user_id__Intercept > 0", "exp(0.1 * b_AFFINITY) > 1"];
  await page.locator(`${BOX} select`).selectOption("1b-all");
  expect(await page.locator(BOX).textContent()).toContain("its draws are rounded");
  await ask(page, texts.join("; "));
  await page.waitForSelector(`${BOX} table`);
  const link = await page.locator(`${BOX} a[download]`).getAttribute("href");
  const [, ...lines] = decodeURIComponent(link!.split(",")[1]!).split("\n");
  const { stdout } = bridgewise(["hypothesis", join(inject("demo"), "runs/1b-all"), ...texts, "--json"]);
  const { rows } = JSON.parse(stdout) as HypothesisTable;
  expect(lines.length).toBe(rows.length);
  for (const [i, row] of rows.entries()) {
    const [estimate, error, lower, upper, ratio, probability] = lines[i]!.split(",").slice(1, 7).map(Number);
    for (const [found, expected] of [
      [estimate, row.estimate],
      [error, row.est_error],
      [lower, row.ci_lower],
      [upper, row.ci_upper],
    ] as const)
      expect(Math.abs(found! - expected!), texts[i]).toBeLessThan(2e-4 * row.est_error!);
    // a sign is never rounded away
    expect(probability).toBe(row.post_prob);
    expect(ratio).toBe(row.evidence_ratio === "Inf" ? Number.POSITIVE_INFINITY : row.evidence_ratio);
  }
  expect(rows.some((row, i) => row.estimate !== Number(lines[i]!.split(",")[1]))).toBe(true);
  expect(problems).toEqual([]);
  await close();
});

it("the box says which draws are not beside the page", async () => {
  const copy = join(dirname(inject("demo")), "without-draws");
  cpSync(join(inject("demo"), "report"), copy, { recursive: true });
  await rm(join(copy, "draws"), { recursive: true });
  const { page, close } = await open(browser, join(copy, "index.html"), { hash: "#ask" });
  await ask(page, "CURIOSITY > 0");
  await expect
    .poll(() => page.locator(`${BOX} [role=alert]`).innerText())
    .toContain("draws/1a-all.js is not beside this page; copy the report's whole folder");
  await close();
});
