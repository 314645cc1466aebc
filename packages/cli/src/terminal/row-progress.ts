import type { Output, ProgressStyle } from "./progress.ts";

/** Progress of work through rows, or what else is counted: a line that is written anew on a terminal, JSON lines if asked for, else nothing. */
export interface RowProgress {
  update(done: number, total: number): void;
  /** Takes the line away. */
  done(): void;
}

/** Seconds between updates. */
const EVERY = 0.2;

export function rowProgress(
  label: string,
  output: Output,
  style: ProgressStyle,
  now: () => number = () => performance.now() / 1000,
  what = "rows",
): RowProgress {
  const live = style === "auto" && output.isTTY === true;
  let last = now();
  let written = false;
  return {
    update(done, total) {
      if (now() - last < EVERY || !(live || style === "json")) return;
      last = now();
      if (live) {
        const count = (n: number): string => n.toLocaleString("en");
        output.write(`\r\x1b[2K${label}  ${count(done)} of ${count(total)} ${what}`);
        written = true;
      } else output.write(`${JSON.stringify({ event: "progress", label, done, total })}\n`);
    },
    done() {
      if (written) output.write("\r\x1b[2K");
      written = false;
    },
  };
}
