import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launch } from "./chromium.ts";
import { open } from "./opened.ts";
import { goTo, pageIds } from "./rooms.ts";
import { HOSTILE } from "./setup.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

it.each(["report/index.html", "report.html"])("text from data stays text in %s", async (file) => {
  const { page, problems, requests, close } = await open(browser, join(inject("hostile"), file));
  try {
    for (const id of await pageIds(page)) {
      await goTo(page, id);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
    }
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    const shown = await page.evaluate(() => document.body.innerText);
    // levels, label, title, file name: all of them are to be read on some page
    for (const text of [...HOSTILE, "<img src=x onerror=window.hacked=1>.csv", `'"<b>&`])
      expect(shown.replaceAll(/\s+/g, " ")).toContain(text.replaceAll(/\s+/g, " "));
    expect(await page.evaluate(() => Object.hasOwn(window, "hacked"))).toBe(false);
    expect(await page.locator("img, b:not(svg b), [onload], [onerror], [onmouseover]").count()).toBe(0);
    expect(problems).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("file:"))).toEqual([]);
  } finally {
    await close();
  }
});

it("the content security policy refuses scripts, had one got in", async () => {
  for (const file of ["report/index.html", "report.html"]) {
    const { page, problems, close } = await open(browser, join(inject("hostile"), file));
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.hacked=1">');
      const script = document.createElement("script");
      script.textContent = "window.hacked=1";
      document.body.append(script);
    });
    await expect.poll(() => problems.length).toBeGreaterThanOrEqual(2);
    expect(await page.evaluate(() => Object.hasOwn(window, "hacked"))).toBe(false);
    for (const problem of problems) expect(problem).toContain("Content Security Policy");
    await close();
  }
});
