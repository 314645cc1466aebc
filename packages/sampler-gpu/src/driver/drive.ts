import type { Engine, Geometry } from "../engine.ts";
import type { Metric } from "./metric.ts";
import { Moments, whiten } from "./metric.ts";
import { MOST_STEPS, warmupSchedule } from "./schedule.ts";
import { DualAveraging } from "./step-size.ts";
import { trajectoryOf } from "./trajectory.ts";

/** What the driver asks of a density: where to start, and what shape to sample in after a window. */
export interface Target {
  readonly globals: number;
  initial(): Geometry;
  learn(moments: Moments): Geometry;
}

export interface Progress {
  readonly phase: "warmup" | "sampling";
  /** Iterations done in this phase, of each chain. */
  readonly iteration: number;
  /** Iterations of this phase; warm-up may end earlier. */
  readonly total: number;
  readonly stepSize: number;
  readonly acceptance: number;
  readonly divergences: number;
}

export interface DriveOptions {
  readonly chains: number;
  /** Most warm-up iterations; it ends earlier where the chains agree on what they have learned. */
  readonly warmup: number;
  readonly draws: number;
  readonly variables: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Driven {
  /** [variables][chains][draws] */
  readonly values: Float64Array;
  /** Warm-up iterations that were run. */
  readonly warmup: number;
  readonly stepSize: number;
  readonly acceptance: number;
  readonly divergences: number;
  readonly gradientsPerDraw: number;
  readonly seconds: { readonly warmup: number; readonly sampling: number };
}

/**
 * Acceptances that dual averaging aims at: the first, and where transitions of the tuned sampler still diverge, the next. Measured on
 * prism-like and VerbAgg, 0.80 to 0.90 give the same least-ESS a second; on a subset of simulated PRISM whose sds reach 0, 0.85, 0.90
 * and 0.97 left 73, 14 and 1 divergences in 4,000 transitions.
 */
const TARGET_ACCEPTANCES = [0.87, 0.97, 0.99];
/** A rotation by more than this turns past what the kicks can follow. */
const MOST_ANGLE = 1.5;
const FIRST_ANGLE = 0.3;
/** Iterations of a window that are thrown away before learning from the rest. */
const SETTLE_SHARE = 0.15;
/** Warm-up may end when split R-hat of every whitened global over the last window is below this … */
const AGREEMENT = 1.1;
/** … and no whitened variance is above this: a metric that is too narrow still has something to learn. */
const MOST_VARIANCE = 2.5;
/** Sampling iterations asked of the engine in one go. */
const BLOCK = 25;

/** Warm-up, then sampling: one shared step size and number of steps for all chains. */
export async function drive(engine: Engine, target: Target, options: DriveOptions): Promise<Driven> {
  const { chains, draws, variables, onProgress, signal } = options;
  const began = performance.now();
  let geometry = target.initial();
  await engine.init(geometry);
  const step = new DualAveraging(FIRST_ANGLE, TARGET_ACCEPTANCES[0]!, MOST_ANGLE);
  const schedule = warmupSchedule(options.warmup);
  let iteration = 0;
  /** Divergent transitions since it was last set to 0. */
  let divergent = 0;
  let lastReport = 0;

  const warm = async (mostSteps: number): Promise<Float64Array> => {
    signal?.throwIfAborted();
    const { steps, stepSize } = trajectoryOf(iteration, step.step, mostSteps);
    const result = await engine.transitions({
      first: iteration,
      steps: Int32Array.of(steps),
      stepSizes: Float64Array.of(stepSize),
      record: false,
    });
    const acceptance = meanOf(result.acceptance);
    step.update(acceptance);
    for (const d of result.divergent) divergent += d;
    iteration++;
    const now = performance.now();
    if (onProgress && now - lastReport > 100) {
      lastReport = now;
      onProgress({
        phase: "warmup",
        iteration,
        total: options.warmup,
        stepSize: step.step,
        acceptance,
        divergences: 0,
      });
      await breathe();
    }
    return result.globals;
  };

  let window = 0;
  for (; window < schedule.windows.length; window++) {
    const { length, mostSteps } = schedule.windows[window]!;
    const history: Float64Array[] = [];
    divergent = 0;
    for (let i = 0; i < length; i++) {
      const globals = await warm(mostSteps);
      if (i >= SETTLE_SHARE * length) history.push(globals);
    }
    const moments = new Moments(target.globals);
    for (const globals of history) for (let c = 0; c < chains; c++) moments.add(globals, c * target.globals);
    const done = window >= schedule.mayStopAfter && settled(history, chains, target.globals, geometry.metric);
    geometry = target.learn(moments);
    await engine.setGeometry(geometry);
    step.restart();
    if (done) break;
  }
  for (let i = 0; i < schedule.settle; i++) await warm(MOST_STEPS);
  for (const acceptance of TARGET_ACCEPTANCES.slice(1)) {
    if (divergent === 0 || iteration + schedule.settle > options.warmup) break;
    divergent = 0;
    step.restart(acceptance);
    for (let i = 0; i < schedule.settle; i++) await warm(MOST_STEPS);
  }
  const warmup = iteration;
  const stepSize = step.average;
  const warmSeconds = (performance.now() - began) / 1000;

  const values = new Float64Array(variables * chains * draws);
  let divergences = 0;
  let acceptance = 0;
  let gradients = 0;
  for (let done = 0; done < draws; ) {
    signal?.throwIfAborted();
    const count = Math.min(BLOCK, draws - done);
    const steps = new Int32Array(count);
    const stepSizes = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const trajectory = trajectoryOf(iteration + i, stepSize, MOST_STEPS);
      steps[i] = trajectory.steps;
      stepSizes[i] = trajectory.stepSize;
    }
    const result = await engine.transitions({ first: iteration, steps, stepSizes, record: true });
    for (let i = 0; i < steps.length; i++) {
      gradients += steps[i]!;
      for (let c = 0; c < chains; c++) {
        const at = i * chains + c;
        divergences += result.divergent[at]!;
        acceptance += result.acceptance[at]! / (draws * chains);
        for (let v = 0; v < variables; v++)
          values[(v * chains + c) * draws + done + i] = result.variables[at * variables + v]!;
      }
    }
    iteration += steps.length;
    done += steps.length;
    if (onProgress) {
      onProgress({
        phase: "sampling",
        iteration: done,
        total: draws,
        stepSize,
        acceptance: meanOf(result.acceptance),
        divergences,
      });
      await breathe();
    }
  }
  return {
    values,
    warmup,
    stepSize,
    acceptance,
    divergences,
    gradientsPerDraw: gradients / draws,
    seconds: { warmup: warmSeconds, sampling: (performance.now() - began) / 1000 - warmSeconds },
  };
}

/** Lets timers, signals and the terminal have their turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

/** Whether the chains agree on the window's globals, and the metric that it was sampled with had described them. */
function settled(history: readonly Float64Array[], chains: number, size: number, metric: Metric): boolean {
  const half = Math.floor(history.length / 2);
  if (half < 10) return false;
  const sequences = 2 * chains;
  const mean = new Float64Array(sequences * size);
  const squares = new Float64Array(sequences * size);
  const w = new Float64Array(size);
  for (let i = 0; i < 2 * half; i++) {
    for (let c = 0; c < chains; c++) {
      const at = (2 * c + (i < half ? 0 : 1)) * size;
      whiten(metric, history[i]!, c * size, w, 0, 1);
      for (let a = 0; a < size; a++) {
        mean[at + a]! += w[a]! / half;
        squares[at + a]! += w[a]! ** 2 / half;
      }
    }
  }
  for (let a = 0; a < size; a++) {
    let grand = 0;
    let within = 0;
    for (let s = 0; s < sequences; s++) {
      grand += mean[s * size + a]! / sequences;
      within += (squares[s * size + a]! - mean[s * size + a]! ** 2) / sequences;
    }
    let between = 0;
    for (let s = 0; s < sequences; s++) between += (mean[s * size + a]! - grand) ** 2 / (sequences - 1);
    const total = within + between;
    if (!(Math.sqrt(total / within) < AGREEMENT) || total > MOST_VARIANCE) return false;
  }
  return true;
}
