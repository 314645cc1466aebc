import { expect, it } from "vitest";
import type { ProgressStyle } from "../src/terminal/progress.ts";
import { scoreProgress } from "../src/terminal/score-progress.ts";

/** What is written while texts are scored, one at each of these seconds, of 95,500. */
function written(style: ProgressStyle, isTTY: boolean, seconds: readonly number[], columns = 100): string[] {
  const texts: string[] = [];
  let time = 0;
  const output = { isTTY, columns, write: (text: string) => texts.push(text) };
  const bar = scoreProgress(output, style, () => time);
  seconds.forEach((at, scored) => {
    time = at;
    bar.update({ total: 95_500, scored, failed: 0, left: 95_500 - scored }, 1);
  });
  bar.done();
  return texts;
}

it("tells the texts done and the time left: a line on a terminal, plain ones now and then, or JSON", () => {
  const seconds = Array.from({ length: 12 }, (_, k) => k);
  const live = written("auto", true, seconds);
  expect(live.at(-2)).toBe("\r\x1b[2Kscore  11/95,500 texts  at most 1 a second  26 h 31 min left");
  expect(live.at(-1)).toBe("\r\x1b[2K");
  // a terminal that does not know its width says 0
  expect(written("auto", true, seconds, 0)).toEqual(live);
  expect(written("plain", true, seconds)).toEqual([
    "score  0/95,500 texts\n",
    "score  10/95,500 texts  at most 1 a second  26 h 31 min left\n",
  ]);
  expect(JSON.parse(written("json", false, seconds).at(-1)!)).toMatchObject({
    event: "progress",
    scored: 11,
    left: 95_489,
    seconds_left: 95_489,
  });
  expect(written("none", true, seconds)).toEqual([]);
});
