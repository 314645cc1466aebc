import { expect } from "vitest";
import type { Fit } from "../src/sample.ts";
import { reference } from "./models.ts";

/** Mean and its Monte Carlo standard error by batch means (32 batches a chain): independent of core's estimators. */
export function batchMean(fit: Pick<Fit, "draws">, name: string): { mean: number; mcse: number } {
  const { variables, chains, draws, values } = fit.draws;
  const v = variables.indexOf(name);
  if (v < 0) throw new Error(`no variable ${name}`);
  const size = Math.floor(draws / 32);
  const batches: number[] = [];
  for (let c = 0; c < chains; c++) {
    for (let b = 0; b < 32; b++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += values[(v * chains + c) * draws + b * size + i]!;
      batches.push(sum / size);
    }
  }
  const mean = batches.reduce((a, b) => a + b, 0) / batches.length;
  const variance = batches.reduce((a, b) => a + (b - mean) ** 2, 0) / (batches.length - 1);
  return { mean, mcse: Math.sqrt(variance / batches.length) };
}

/** Every variable of the reference lies within 4 combined Monte Carlo standard errors; returns how many were compared. */
export function compare(fit: Fit, name: string): number {
  const { variables } = reference(name);
  const far = Object.entries(variables).flatMap(([variable, theirs]) => {
    const ours = batchMean(fit, variable);
    const z = (ours.mean - theirs.mean) / Math.hypot(ours.mcse, theirs.mcse_mean);
    return Math.abs(z) <= 4
      ? []
      : [`${variable}: ${ours.mean} against ${theirs.mean}, ${z.toFixed(1)} standard errors`];
  });
  expect(far).toEqual([]);
  return Object.keys(variables).length;
}
