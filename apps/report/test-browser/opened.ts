import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";

const require = createRequire(import.meta.url);

/** Inter in the two weights of the page: the fonts of machines differ. */
const FONT = [
  ["400Regular/Inter_400Regular.ttf", 400],
  ["700Bold/Inter_700Bold.ttf", 700],
].map(([file, weight]) => {
  const bytes = readFileSync(require.resolve(`@expo-google-fonts/inter/${file}`));
  return `@font-face { font-family: "Inter"; font-weight: ${weight}; src: url("data:font/ttf;base64,${bytes.toString("base64")}"); }`;
});
const STYLE = `${FONT.join("\n")}
* { font-family: "Inter" !important; caret-color: transparent !important; }`;

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  /** Pixels of a picture for each of the window's. */
  readonly density?: number;
  readonly dark?: boolean;
  readonly hash?: string;
  /** Text in the same font on every machine, nothing that moves. */
  readonly still?: boolean;
}

/** A report in a browser, and all that went wrong in it. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, uncaught exceptions, refusals of the content security policy. */
  readonly problems: string[];
  /** Addresses that were asked for, whatever they are. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Opens a file from disk. Everything but files is refused, and is in `requests` all the same. */
export async function open(browser: Browser, file: string, options: OpenOptions = {}): Promise<Opened> {
  const { width = 1000, height = 800, density = 1, dark = false, hash = "", still = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: density,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  const problems: string[] = [];
  const requests: string[] = [];
  await context.route("**/*", (route) =>
    route.request().url().startsWith("file:") ? route.continue() : route.abort(),
  );
  const page = await context.newPage();
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("websocket", (socket) => requests.push(socket.url()));
  await page.goto(pathToFileURL(file).href + hash);
  await page.waitForSelector("article:not([hidden]) h1");
  if (still) {
    await page.addStyleTag({ content: STYLE });
    await page.evaluate(() => document.fonts.ready);
  }
  return { page, context, problems, requests, close: () => context.close() };
}
