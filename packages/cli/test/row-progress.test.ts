import { expect, it } from "vitest";
import type { ProgressStyle } from "../src/terminal/progress.ts";
import { rowProgress } from "../src/terminal/row-progress.ts";

/** What is written while rows are done at these seconds. */
function written(style: ProgressStyle, isTTY: boolean, seconds: readonly number[]): string[] {
  const texts: string[] = [];
  let time = 0;
  const bar = rowProgress("effects", { isTTY, write: (text) => texts.push(text) }, style, () => time);
  seconds.forEach((at, k) => {
    time = at;
    bar.update((k + 1) * 1000, 30_000);
  });
  bar.done();
  return texts;
}

it("progress through rows is one line on a terminal, now and then, taken away at the end", () => {
  expect(written("auto", true, [0.1, 0.3, 0.4, 0.6])).toEqual([
    "\r\x1b[2Keffects  2,000 of 30,000 rows",
    "\r\x1b[2Keffects  4,000 of 30,000 rows",
    "\r\x1b[2K",
  ]);
  expect(written("json", false, [1])).toEqual([
    '{"event":"progress","label":"effects","done":1000,"total":30000}\n',
  ]);
  expect(written("auto", false, [1, 2])).toEqual([]);
  expect(written("none", true, [1, 2])).toEqual([]);
});
