/** A stretch of warm-up. At its end the geometry is learned anew from its draws. */
export interface Window {
  readonly length: number;
  /** Most integration steps in a transition: before the geometry is learned, long trajectories are wasted. */
  readonly mostSteps: number;
}

export interface Schedule {
  readonly windows: readonly Window[];
  /** Index of the first window after which warm-up may end early, if what it learned agrees between chains. */
  readonly mayStopAfter: number;
  /** Iterations after the last learning window that only tune the step size. */
  readonly settle: number;
}

/** No trajectory is longer, as with a tree depth of 10 in Stan. */
export const MOST_STEPS = 1024;

/**
 * Windows of 40 and 60 iterations with short trajectories, then doubling ones, then `settle`. Their sum is `length`; a remainder
 * too short for another doubling joins the last window. Lengths below 20 only tune the step size.
 */
export function warmupSchedule(length: number): Schedule {
  if (length < 20) return { windows: [], mayStopAfter: Number.POSITIVE_INFINITY, settle: length };
  if (length < 200) {
    const settle = Math.round(0.2 * length);
    const first = Math.round(0.2 * length);
    const second = Math.round(0.25 * length);
    return {
      windows: [
        { length: first, mostSteps: 8 },
        { length: second, mostSteps: 16 },
        { length: length - first - second - settle, mostSteps: MOST_STEPS },
      ],
      mayStopAfter: Number.POSITIVE_INFINITY,
      settle,
    };
  }
  const settle = 40;
  const windows: Window[] = [
    { length: 30, mostSteps: 8 },
    { length: 50, mostSteps: 16 },
  ];
  let left = length - settle - 80;
  for (let size = 80; left > 0; size *= 2) {
    const take = left < 3 * size ? left : size;
    windows.push({ length: take, mostSteps: MOST_STEPS });
    left -= take;
  }
  return { windows, mayStopAfter: 2, settle };
}
