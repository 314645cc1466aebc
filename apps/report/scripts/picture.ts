// The picture of the report in the README, of a report folder:
// usage: node --conditions=@bridgewise/source apps/report/scripts/picture.ts out/demo/report docs/report.png [#found]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { launch } from "../test-browser/chromium.ts";
import { open } from "../test-browser/opened.ts";
import { goTo } from "../test-browser/rooms.ts";

const WIDTH = 1600;
const HEIGHT = 1000;

const [report, file, page = "found"] = process.argv.slice(2);
if (report === undefined || file === undefined)
  throw new Error("say which report, and where its picture goes: picture.ts out/demo/report docs/report.png");
const browser = await launch();
const opened = await open(browser, join(report, "index.html"), { width: WIDTH, height: HEIGHT, still: true });
await goTo(opened.page, page.replace(/^#/, ""));
const picture = PNG.sync.read(await opened.page.screenshot({ animations: "disabled" }));
await browser.close();
writeFileSync(file, PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, filterType: -1 }));
