import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launch } from "./chromium.ts";
import { type Opened, open } from "./opened.ts";
import { goTo, pageIds } from "./rooms.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** Runs with a report, and holds afterwards that nothing went wrong in it and nothing was asked of any network. */
async function visit(
  file: string,
  options: Parameters<typeof open>[2],
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const opened = await open(browser, file, options);
  try {
    await work(opened);
    expect(opened.problems).toEqual([]);
    const folder = pathToFileURL(dirname(file)).href;
    expect(opened.requests.filter((url) => !url.startsWith(folder) && !/^(data|blob):/.test(url))).toEqual(
      [],
    );
  } finally {
    await opened.close();
  }
}

const files = (): [string, string][] =>
  (["demo", "plain"] as const).flatMap((name): [string, string][] => [
    [`${name}, a folder`, join(inject(name), "report/index.html")],
    [`${name}, a single file`, join(inject(name), "report.html")],
  ]);

/** Violations of accessibility rules on what is shown, each with its first place. */
async function violations(page: Page, only?: string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    (rules): Promise<AxeResults> =>
      (
        window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } }
      ).axe.run(document, {
        resultTypes: ["violations"],
        // it would fetch the style sheet, which the page forbids
        preload: false,
        ...(rules && { runOnly: { type: "rule", values: rules } }),
      }),
    only,
  );
  return found.violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes[0]!.html.slice(0, 200)} … ${nodes.length} in all`,
  );
}

describe.each(files())("%s", (_, file) => {
  it("shows each page with a heading, without an error, asking nothing of any network", async () => {
    await visit(file, {}, async ({ page, requests }) => {
      const ids = await pageIds(page);
      expect(ids.length).toBeGreaterThan(4);
      for (const id of ids) {
        await page.locator(`nav a[href="#${id}"]`).click();
        await goTo(page, id);
        expect(await page.locator("h1:visible").count(), id).toBe(1);
        expect((await page.locator("h1:visible").textContent())!.trim(), id).not.toBe("");
        expect(await page.locator("article:visible .warn", { hasText: "cannot be drawn" }).count(), id).toBe(
          0,
        );
      }
      if (file.endsWith("report.html")) expect(requests).toEqual([pathToFileURL(file).href]);
    });
  });

  it("says SIMULATED on every page of simulated data, and on no other", async () => {
    await visit(file, {}, async ({ page }) => {
      const simulated = await page.evaluate(() =>
        window.__BRIDGEWISE__!.runs.some((run) => run.manifest.simulated),
      );
      expect(simulated).toBe(file.startsWith(inject("demo")));
      for (const id of await pageIds(page)) {
        await goTo(page, id);
        const text = await page.locator("body").innerText();
        expect(text.includes("SIMULATED"), id).toBe(simulated);
        expect((await page.title()).includes("SIMULATED"), id).toBe(simulated);
        for (const svg of await page.locator(`#page-${id} figure .frame > svg`).all())
          expect((await svg.textContent())!.includes("SIMULATED"), id).toBe(simulated);
      }
    });
  });
});

describe.each(files().filter(([, file]) => file.endsWith("index.html")))("%s", (_, file) => {
  it("breaks no rule of accessibility, in light and in dark, with all that is folded away", async () => {
    for (const dark of [false, true]) {
      await visit(file, { dark }, async ({ page }) => {
        for (const id of await pageIds(page)) {
          await goTo(page, id);
          await page.evaluate(() => {
            for (const details of document.querySelectorAll("details")) details.open = true;
          });
          // in dark only colours are others
          const rules = dark ? ["color-contrast"] : undefined;
          expect(await violations(page, rules), `${id}, dark: ${dark}`).toEqual([]);
        }
      });
    }
  });

  it.each([360, 800, 1600])("does not scroll sideways at %i px", async (width) => {
    await visit(file, { width, height: 800 }, async ({ page }) => {
      for (const id of await pageIds(page)) {
        await goTo(page, id);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), id).toBeLessThanOrEqual(
          width,
        );
      }
    });
  });

  it("prints all of its pages, figures and all", async () => {
    await visit(file, {}, async ({ page }) => {
      const ids = await pageIds(page);
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      await page.emulateMedia({ media: "print" });
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      for (const id of ids) expect(await page.locator(`#page-${id} h1`).isVisible(), id).toBe(true);
      expect(await page.locator("nav").first().isVisible()).toBe(false);
      const frames = page.locator("article figure .frame");
      expect(await frames.locator("svg").count()).toBeGreaterThanOrEqual(await frames.count());
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });

  it("can be read by keyboard alone", async () => {
    await visit(file, {}, async ({ page }) => {
      const focused = () =>
        page.evaluate(() => {
          const node = document.activeElement!;
          const { outlineStyle, outlineWidth } = getComputedStyle(node);
          return {
            text: node.textContent ?? "",
            tag: node.tagName,
            outlined: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
          };
        });
      await page.keyboard.press("Tab");
      expect(await focused()).toMatchObject({ text: "Skip to the content", outlined: true });
      await page.keyboard.press("Enter");
      expect(await focused()).toMatchObject({ tag: "H1" });

      // to the second page's link, by Tab alone, its focus seen all the way
      const [, second] = await pageIds(page);
      await page.reload();
      await page.waitForSelector("article:not([hidden]) h1");
      for (let i = 0; ; i++) {
        expect(i).toBeLessThan(20);
        await page.keyboard.press("Tab");
        expect((await focused()).outlined).toBe(true);
        if (await page.evaluate((id) => document.activeElement?.getAttribute("href") === `#${id}`, second))
          break;
      }
      await page.keyboard.press("Enter");
      await page.waitForSelector(`#page-${second}:not([hidden])`);
      expect(await focused()).toMatchObject({ tag: "H1" });
      expect(new URL(page.url()).hash).toBe(`#${second}`);
    });
  });
});
