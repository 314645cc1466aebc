import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import type { Browser } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launch } from "./chromium.ts";
import { open } from "./opened.ts";
import { goTo } from "./rooms.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const PICTURES = here("pictures");
/** What differs, for those who look; not under version control. */
const DIFFERENT = here("different");

/**
 * Share of the pixels that may differ: letters are drawn a little differently by other versions of the browser, and on CI's machines more so.
 * A page without its style or its figure differs by far more.
 */
const TOLERANCE = process.env["CI"] ? 0.05 : 0.01;
/** Of the window, and how many of the picture's pixels one of its is: small files. */
const SIZES = [
  { width: 360, height: 700, density: 1 },
  { width: 800, height: 700, density: 1 },
  { width: 1600, height: 1000, density: 0.5 },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

it.each(SIZES.flatMap((size) => ["found", "figures", "tables"].map((id) => [id, size.width, size] as const)))(
  "%s at %i px looks as it did",
  async (id, width, size) => {
    const { page, problems, close } = await open(browser, join(inject("demo"), "report/index.html"), {
      ...{ ...size, still: true },
    });
    await goTo(page, id);
    // the figure first: what stands above it is on the other pictures
    if (id === "figures") await page.locator("#page-figures figure").first().scrollIntoViewIfNeeded();
    const now = PNG.sync.read(await page.screenshot({ animations: "disabled" }));
    await close();
    expect(problems).toEqual([]);
    compare(`${id}-${width}.png`, now);
  },
);

/** Compares with the picture kept, which is written where there is none or pictures are renewed; on CI it must be there. */
function compare(name: string, now: PNG): void {
  const file = join(PICTURES, name);
  if (inject("update") || (!existsSync(file) && !process.env["CI"])) {
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(file, PNG.sync.write(now, { colorType: 2, deflateLevel: 9, filterType: -1 }));
    return;
  }
  const { width, height } = now;
  const before = PNG.sync.read(readFileSync(file));
  expect([width, height]).toEqual([before.width, before.height]);
  const difference = new PNG({ width, height });
  const share =
    pixelmatch(before.data, now.data, difference.data, width, height, { threshold: 0.2 }) / (width * height);
  const places = [join(DIFFERENT, name), join(DIFFERENT, `difference-${name}`)] as const;
  if (share <= TOLERANCE) {
    for (const place of places) rmSync(place, { force: true });
    return;
  }
  mkdirSync(DIFFERENT, { recursive: true });
  writeFileSync(places[0], PNG.sync.write(now));
  writeFileSync(places[1], PNG.sync.write(difference));
  expect.fail(
    `${(100 * share).toFixed(1)}% of ${name} differs: look at ${places.join(" and ")}; if it is to be so, run npm run test:browser -- --update`,
  );
}
