/** Nesterov dual averaging of the log step size (Hoffman & Gelman 2014, section 3.2), on the mean acceptance over chains. */
export class DualAveraging {
  private target: number;
  private readonly most: number;
  private count = 0;
  private error = 0;
  private logStep: number;
  private logAverage: number;
  private anchor: number;

  /** `most`: the largest step allowed. */
  constructor(initial: number, target: number, most: number) {
    this.target = target;
    this.most = most;
    this.logStep = Math.log(initial);
    this.logAverage = this.logStep;
    this.anchor = this.anchorFor(initial);
  }

  get step(): number {
    return Math.exp(this.logStep);
  }

  get average(): number {
    return Math.exp(this.logAverage);
  }

  update(acceptance: number): void {
    this.count++;
    // t0 = 10 and kappa = 0.75 as in the paper; gamma = 0.2 in place of 0.05, because the first step is nearly right and the mean
    // acceptance of four chains is noisy: with 0.05 the average fell short of the best step (acceptance 0.90 for a target of 0.80)
    const eta = 1 / (this.count + 10);
    this.error = (1 - eta) * this.error + eta * (this.target - acceptance);
    this.logStep = Math.min(this.anchor - (Math.sqrt(this.count) / 0.2) * this.error, Math.log(this.most));
    const weight = this.count ** -0.75;
    this.logAverage = weight * this.logStep + (1 - weight) * this.logAverage;
  }

  /** Starts again from the average, after the metric or the target has changed. */
  restart(target = this.target): void {
    this.target = target;
    const from = this.average;
    this.anchor = this.anchorFor(from);
    this.logStep = Math.log(from);
    this.count = 0;
    this.error = 0;
  }

  /** The paper shrinks towards log(10 x initial); a rotation angle above `most` makes no sense. */
  private anchorFor(step: number): number {
    return Math.log(Math.min(this.most, 5 * step));
  }
}
