import type { Progress } from "@bridgewise/sampler-gpu/node";

/** Where progress goes: one line that is written anew on a terminal, now and then a plain line where it is piped, nothing if quiet. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the line away. */
  done(): void;
}

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Seconds between plain lines. */
const PLAIN_EVERY = 10;

export function progressBar(
  label: string,
  output: Output,
  quiet: boolean,
  now: () => number = () => performance.now() / 1000,
): ProgressBar {
  if (quiet) return { update() {}, done() {} };
  let phase = "";
  let phaseBegan = 0;
  let phaseFirst = 0;
  let lastPlain = now();
  let written = false;
  return {
    update(progress) {
      const time = now();
      if (progress.phase !== phase) {
        phase = progress.phase;
        phaseBegan = time;
        phaseFirst = progress.iteration;
      }
      const line = describe(label, progress, remaining(progress, time - phaseBegan, phaseFirst));
      if (output.isTTY) {
        output.write(`\r\x1b[2K${line.slice(0, (output.columns ?? 100) - 1)}`);
        written = true;
      } else if (time - lastPlain >= PLAIN_EVERY) {
        lastPlain = time;
        output.write(`${line}\n`);
      }
    },
    done() {
      if (written) output.write("\r\x1b[2K");
    },
  };
}

function remaining({ iteration, total }: Progress, seconds: number, first: number): number | undefined {
  const steps = iteration - first;
  return steps < 5 ? undefined : (seconds / steps) * (total - iteration);
}

function describe(label: string, p: Progress, left: number | undefined): string {
  const width = 20;
  const filled = Math.round((width * p.iteration) / p.total);
  const bar = "█".repeat(filled) + "░".repeat(width - filled);
  const name = p.phase === "warmup" ? "warm-up " : "sampling";
  // warm-up ends as soon as the chains agree
  const time = left === undefined ? "" : `  ${p.phase === "warmup" ? "at most " : ""}${duration(left)} left`;
  const diverged = p.divergences > 0 ? `  ${p.divergences} divergent` : "";
  return `${label}  ${name} ${bar} ${p.iteration}/${p.total}  accept ${p.acceptance.toFixed(2)}  step ${p.stepSize.toFixed(2)}${diverged}${time}`;
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds - 60 * minutes)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
