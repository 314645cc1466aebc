import type { Engine, Geometry } from "../engine.ts";
import { chainsAgree } from "./agreement.ts";
import { Moments } from "./metric.ts";
import { MOST_STEPS, type Schedule } from "./schedule.ts";
import type { WarmupState } from "./state.ts";
import { currentStep, restartStepSize, startStepSize, updateStepSize } from "./step-size.ts";
import type { Target } from "./target.ts";
import { trajectoryOf } from "./trajectory.ts";

/**
 * Acceptances that dual averaging aims at: the first, and where transitions of the tuned sampler still diverge, the next. Measured on
 * prism-like, VerbAgg and crossed designs of 70,000 rows, 0.87 and 0.92 give the same least-ESS a second, 0.95 a tenth less; in 12 fits of
 * Penicillin, which has a factor of 6 levels, they left 15, 5 and 1 divergences of 48,000.
 */
const TARGET_ACCEPTANCES = [0.92, 0.97, 0.99];
/** A rotation by more than this turns past what the kicks can follow. */
const MOST_ANGLE = 1.5;
const FIRST_ANGLE = 0.3;
/** Iterations of a window that are thrown away before learning from the rest. */
const SETTLE_SHARE = 0.15;

export function startWarmup(schedule: Schedule): WarmupState {
  return {
    phase: "warmup",
    stage: schedule.windows.length > 0 ? "window" : "settle",
    index: 0,
    done: 0,
    divergent: 0,
    step: startStepSize(FIRST_ANGLE, TARGET_ACCEPTANCES[0]!, MOST_ANGLE),
    history: [],
  };
}

/** One iteration, and what it leads to: a geometry learned anew at a window's end, the next stage. */
export async function warmOnce(
  engine: Engine,
  target: Target,
  schedule: Schedule,
  { state, geometry, iteration }: { state: WarmupState; geometry: Geometry; iteration: number },
): Promise<{ state: WarmupState; geometry: Geometry; acceptance: number }> {
  const window = state.stage === "window" ? schedule.windows[state.index]! : undefined;
  const { steps, stepSize } = trajectoryOf(
    iteration,
    currentStep(state.step),
    window?.mostSteps ?? MOST_STEPS,
  );
  const result = await engine.transitions({
    first: iteration,
    steps: Int32Array.of(steps),
    stepSizes: Float64Array.of(stepSize),
    record: false,
  });
  let { divergent } = state;
  for (const d of result.divergent) divergent += d;
  const acceptance = meanOf(result.acceptance);
  const after: WarmupState = {
    ...state,
    divergent,
    done: state.done + 1,
    step: updateStepSize(state.step, acceptance),
    history:
      window && state.done >= SETTLE_SHARE * window.length
        ? [...state.history, result.globals]
        : state.history,
  };
  if (window === undefined || after.done < window.length) return { state: after, geometry, acceptance };

  const moments = new Moments(target.globals, target.diagonal);
  for (const globals of after.history)
    for (let c = 0; c < engine.chains; c++) moments.add(globals, c * target.globals);
  const last =
    state.index + 1 === schedule.windows.length ||
    (state.index >= schedule.mayStopAfter &&
      chainsAgree(after.history, engine.chains, target.globals, geometry.metric));
  const learned = target.learn(moments, geometry);
  await engine.setGeometry(learned);
  const next: WarmupState = {
    ...after,
    ...(last ? { stage: "settle", index: 0 } : { index: state.index + 1, divergent: 0 }),
    done: 0,
    step: restartStepSize(after.step),
    history: [],
  };
  return { state: next, geometry: learned, acceptance };
}

/** The stage to go on with, undefined where warm-up is over after `iteration` iterations of at most `most`. */
export function nextStage(
  state: WarmupState,
  schedule: Schedule,
  iteration: number,
  most: number,
): WarmupState | undefined {
  if (state.stage === "window" || state.done < schedule.settle) return state;
  const acceptance = TARGET_ACCEPTANCES[state.index + 1];
  if (acceptance === undefined || state.divergent === 0 || iteration + schedule.settle > most)
    return undefined;
  return {
    ...state,
    index: state.index + 1,
    done: 0,
    divergent: 0,
    step: restartStepSize(state.step, acceptance),
  };
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
