import type { Page } from "playwright-core";

/** Ids of the report's pages, as the navigation has them. */
export const pageIds = (page: Page): Promise<string[]> =>
  page
    .locator('nav[aria-label="Pages"] a')
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")!.slice(1)));

/** Goes to a page by its address, and waits until its figures are drawn. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  const id = hash.split("?")[0]!;
  await page.waitForSelector(`#page-${id}:not([hidden])`);
  await page.waitForFunction(
    (own) =>
      [...document.querySelectorAll(`#page-${own} figure .frame`)].every(
        (frame) => frame.childElementCount > 0,
      ),
    id,
  );
}

/** Text of the cells of the rows of a table. */
export const cells = (page: Page, table: string): Promise<string[][]> =>
  page
    .locator(table)
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
