import type { CorpusProgress } from "@bridgewise/perspective/node";
import { duration, lineWidth, type Output, type ProgressStyle } from "./progress.ts";

/** Progress of texts that are scored: as `progressBar`, one line anew on a terminal, now and then a plain one elsewhere. */
export interface ScoreProgress {
  /** `rate`: requests a second at most, where a scorer is paced. */
  update(progress: CorpusProgress, rate: number | undefined): void;
  done(): void;
}

/** Seconds between lines. */
const EVERY = { live: 0.2, plain: 10, json: 1 } as const;
/** Seconds of the run that the time left is told from: a rate that fell counts soon. */
const WINDOW = 120;
/** Texts done before the time left is told. */
const LEAST = 5;

export function scoreProgress(
  output: Output,
  style: ProgressStyle,
  now: () => number = () => performance.now() / 1000,
): ScoreProgress {
  if (style === "none") return { update() {}, done() {} };
  const live = style === "auto" && output.isTTY === true;
  const every = style === "json" ? EVERY.json : live ? EVERY.live : EVERY.plain;
  let last = Number.NEGATIVE_INFINITY;
  let written = false;
  let marks: { readonly time: number; readonly finished: number }[] = [];
  return {
    update(progress, rate) {
      const time = now();
      if (time - last < every && progress.left > 0) return;
      last = time;
      const finished = progress.scored + progress.failed;
      marks = [...marks.filter((mark) => time - mark.time <= WINDOW), { time, finished }];
      const first = marks[0]!;
      const speed = (finished - first.finished) / (time - first.time);
      const left = finished - first.finished < LEAST ? undefined : progress.left / speed;
      if (style === "json") {
        output.write(
          `${JSON.stringify({ event: "progress", label: "score", ...progress, rate: rate ?? null, seconds_left: left ?? null })}\n`,
        );
        return;
      }
      const line = describe(progress, rate, left);
      output.write(live ? `\r\x1b[2K${line.slice(0, lineWidth(output))}` : `${line}\n`);
      written = live;
    },
    done() {
      if (written) output.write("\r\x1b[2K");
      written = false;
    },
  };
}

function describe(
  { total, scored, failed, left }: CorpusProgress,
  rate: number | undefined,
  seconds: number | undefined,
) {
  const count = (n: number): string => n.toLocaleString("en");
  return [
    `score  ${count(total - left)}/${count(total)} texts`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(scored + failed > 0 && rate !== undefined ? [`at most ${Number(rate.toPrecision(2))} a second`] : []),
    ...(seconds === undefined ? [] : [`${duration(seconds)} left`]),
  ].join("  ");
}
