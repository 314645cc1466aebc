/**
 * Nesterov dual averaging of the log step size (Hoffman & Gelman 2014, section 3.2), on the mean acceptance over chains. The state
 * is plain data, each function gives the next one.
 */
export interface StepSize {
  /** Acceptance that is aimed at, 0 to 1. */
  readonly target: number;
  /** The largest step allowed. */
  readonly most: number;
  readonly count: number;
  readonly error: number;
  readonly logStep: number;
  readonly logAverage: number;
  readonly anchor: number;
}

export function startStepSize(initial: number, target: number, most: number): StepSize {
  const logStep = Math.log(initial);
  return {
    target,
    most,
    count: 0,
    error: 0,
    logStep,
    logAverage: logStep,
    anchor: anchorFor(initial, most),
  };
}

/** The step to take next. */
export const currentStep = (state: StepSize): number => Math.exp(state.logStep);

/** The step to keep when adaptation ends. */
export const averageStep = (state: StepSize): number => Math.exp(state.logAverage);

export function updateStepSize(state: StepSize, acceptance: number): StepSize {
  // t0 = 10 and kappa = 0.75 as in the paper; gamma = 0.2 in place of 0.05, because the first step is nearly right and the mean
  // acceptance of four chains is noisy: with 0.05 the average fell short of the best step (acceptance 0.90 for a target of 0.80)
  const count = state.count + 1;
  const eta = 1 / (count + 10);
  const error = (1 - eta) * state.error + eta * (state.target - acceptance);
  const logStep = Math.min(state.anchor - (Math.sqrt(count) / 0.2) * error, Math.log(state.most));
  const weight = count ** -0.75;
  return { ...state, count, error, logStep, logAverage: weight * logStep + (1 - weight) * state.logAverage };
}

/** Starts again from the average, after the metric or the target has changed. */
export function restartStepSize(state: StepSize, target = state.target): StepSize {
  const from = averageStep(state);
  return {
    ...state,
    target,
    count: 0,
    error: 0,
    logStep: Math.log(from),
    anchor: anchorFor(from, state.most),
  };
}

/** The paper shrinks towards log(10 x initial); a rotation angle above `most` makes no sense. */
const anchorFor = (step: number, most: number): number => Math.log(Math.min(most, 5 * step));
