import type { Progress } from "@bridgewise/sampler-gpu/node";
import type { FitProgress } from "../pipeline/run.ts";

/** Where progress goes: one line that is written anew on a terminal, now and then a plain line where it is piped, nothing if quiet. */
export interface ProgressBar {
  update(progress: FitProgress): void;
  /** A line that stays. */
  say(text: string): void;
  /** Takes the line away. */
  done(): void;
}

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Letters that a line on a terminal may have without breaking; some terminals say that they are 0 wide. */
export const lineWidth = ({ columns }: Output): number => (columns || 100) - 1;

/** auto: a line on a terminal, plain lines elsewhere. json: one object a line. */
export const PROGRESS = ["auto", "plain", "json", "none"] as const;
export type ProgressStyle = (typeof PROGRESS)[number];

/** Seconds between plain lines, and between JSON lines. */
const PLAIN_EVERY = 10;
const JSON_EVERY = 1;

export function progressBar(
  label: string,
  output: Output,
  style: ProgressStyle,
  now: () => number = () => performance.now() / 1000,
): ProgressBar {
  if (style === "none") return { update() {}, say() {}, done() {} };
  const live = style === "auto" && output.isTTY === true;
  const every = style === "json" ? JSON_EVERY : PLAIN_EVERY;
  let phase = "";
  let phaseBegan = 0;
  let phaseFirst = 0;
  let lastLine = style === "json" ? Number.NEGATIVE_INFINITY : now();
  let written = false;
  const clear = (): void => {
    if (written) output.write("\r\x1b[2K");
    written = false;
  };
  return {
    update(progress) {
      const time = now();
      const begins = progress.phase !== phase;
      if (begins) {
        phase = progress.phase;
        phaseBegan = time;
        phaseFirst = progress.iteration;
      }
      const left = remaining(progress, time - phaseBegan, phaseFirst);
      if (live) {
        output.write(`\r\x1b[2K${describe(label, progress, left, lineWidth(output))}`);
        written = true;
      } else if (time - lastLine >= every || (begins && style === "json")) {
        lastLine = time;
        output.write(
          style === "json"
            ? `${JSON.stringify({ event: "progress", label, ...progress, seconds_left: left ?? null })}\n`
            : `${describe(label, progress, left, 100)}\n`,
        );
      }
    },
    say(text) {
      clear();
      output.write(style === "json" ? `${JSON.stringify({ event: "note", label, text })}\n` : `${text}\n`);
    },
    done: clear,
  };
}

/** Steps done before the time left is told: a fit is a long step. */
const LEAST_STEPS = { warmup: 5, sampling: 5, summary: 5, rows: 5, refits: 1 } as const;

function remaining(
  { phase, iteration, total }: FitProgress,
  seconds: number,
  first: number,
): number | undefined {
  const steps = iteration - first;
  return steps < LEAST_STEPS[phase] ? undefined : (seconds / steps) * (total - iteration);
}

/** Ranks of the bars, one of which is shown. */
const LONG_BAR = 7;
const SHORT_BAR = 5;

/** One line of at most `width` characters: what matters least is left out first. */
function describe(label: string, p: FitProgress, left: number | undefined, width: number): string {
  const chains = "chains" in p ? p.chains : 1;
  const counts = `${count(chains * p.iteration)}/${count(chains * p.total)}`;
  const name = {
    warmup: "warm-up ",
    sampling: "sampling",
    summary: "summary ",
    rows: "rows    ",
    refits: "fits    ",
  }[p.phase];
  const parts: { text: string; rank: number }[] = [
    { text: label, rank: 3 },
    { text: name, rank: 0 },
    { text: bar(p.iteration / p.total, 20), rank: LONG_BAR },
    { text: bar(p.iteration / p.total, 10), rank: SHORT_BAR },
    { text: counts, rank: 0 },
    ...("chains" in p ? figures(p) : []),
    // warm-up ends as soon as the chains agree
    ...(left === undefined
      ? []
      : [{ text: `${p.phase === "warmup" ? "at most " : ""}${duration(left)} left`, rank: 0 }]),
  ];
  for (let most = LONG_BAR; most >= 0; most--) {
    const shown = parts.filter(({ rank }) => rank <= most && !(most === LONG_BAR && rank === SHORT_BAR));
    const line = shown.map(({ text }) => text).join("  ");
    if (line.length <= width) return line;
  }
  return parts
    .filter(({ rank }) => rank === 0)
    .map(({ text }) => text)
    .join(" ")
    .slice(0, width);
}

function figures(p: Progress): { text: string; rank: number }[] {
  return [
    ...(p.ess === undefined ? [] : [{ text: `ESS about ${count(roughly(p.ess))}`, rank: 2 }]),
    { text: `accept ${p.acceptance.toFixed(2)}`, rank: 4 },
    { text: `step ${p.stepSize.toFixed(2)}`, rank: 6 },
    ...(p.divergences > 0 ? [{ text: `${count(p.divergences)} divergent`, rank: 1 }] : []),
  ];
}

function bar(share: number, width: number): string {
  const filled = Math.round(width * share);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

const count = (n: number): string => n.toLocaleString("en");

/** Two digits: an estimate by batch means supports no more. */
const roughly = (n: number): number => Number(n.toPrecision(2));

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
