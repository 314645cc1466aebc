import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../src/driver/checkpoint.ts";
import type { Snapshot } from "../src/driver/state.ts";
import { sample as sampleInThreads, startSampling as startInThreads } from "../src/node/threads.ts";
import { type Fit, inThisThread, sample, startSampling } from "../src/sample.ts";
import { penicillin, verbAgg } from "./models.ts";

/** Draws and figures, without times and threads. */
const result = ({ seconds: _, threads: __, ...rest }: Fit) => rest;

describe.each([
  ["collapsed", penicillin, 250],
  ["latent", verbAgg, 100],
] as const)("a fit taken up from a checkpoint (%s)", (_, model, warmup) => {
  const options = { chains: 3, warmup, draws: 60, seed: 5 };

  test("goes on to the bit, from every kind of place", async () => {
    const made = await model();
    const whole = await sample(made, options);
    const checkpoints: Uint8Array[] = [];
    const { steps } = await startSampling(inThisThread, made, options);
    for await (const step of steps) checkpoints.push(encodeCheckpoint(await step.snapshot()));
    // inside each window, at its last iteration and after it, while the step settles, at warm-up's end, in sampling and at its end
    const { warmup: warm } = whole;
    const places = [0, 10, 19, 20, 29, 30, 44, 45, 60, 79, 80, 81, warm - 2, warm - 1, warm, warm + 1];
    for (const place of [...places.filter((p) => p < checkpoints.length), checkpoints.length - 1]) {
      const from = decodeCheckpoint(checkpoints[place]!) as Snapshot;
      const values = new Float64Array(whole.draws.values.length);
      let first = -1;
      const again = await startSampling(inThisThread, made, options, from);
      for (;;) {
        const { done, value } = await again.steps.next();
        if (done) {
          expect({ ...value, seconds: 0, threads: 0 }).toEqual({
            ...whole,
            seconds: 0,
            threads: 0,
            draws: undefined,
          });
          break;
        }
        if (value.block === undefined) continue;
        const { draws, iteration } = value.block;
        if (first < 0) first = iteration;
        for (let s = 0; s < values.length / 60; s++)
          values.set(value.block.values.subarray(s * draws, (s + 1) * draws), s * 60 + iteration);
      }
      const from0 = first < 0 ? 60 : first;
      for (let s = 0; s < values.length / 60; s++)
        expect(values.subarray(s * 60 + from0, (s + 1) * 60), `place ${place}`).toEqual(
          whole.draws.values.subarray(s * 60 + from0, (s + 1) * 60),
        );
    }
  });

  test("has the draws of a longer fit, when asked for more", async () => {
    const made = await model();
    const longer = await sample(made, { ...options, draws: 90 });
    let last: Snapshot | undefined;
    for await (const step of (await startSampling(inThisThread, made, options)).steps)
      last = decodeCheckpoint(encodeCheckpoint(await step.snapshot())) as Snapshot;
    const more = await startSampling(inThisThread, made, { ...options, draws: 90 }, last);
    for (;;) {
      const { done, value } = await more.steps.next();
      if (done) {
        expect(value.acceptance).toBe(longer.acceptance);
        break;
      }
      const { values, draws, iteration } = value.block!;
      for (let s = 0; s < values.length / draws; s++)
        expect(values.subarray(s * draws, (s + 1) * draws)).toEqual(
          longer.draws.values.subarray(s * 90 + iteration, s * 90 + iteration + draws),
        );
    }
  });
});

test("a fit begun in one thread goes on in two", async () => {
  const model = await verbAgg();
  const options = { chains: 4, warmup: 60, draws: 50, seed: 2 };
  const whole = await sampleInThreads(model, { ...options, threads: 2 });
  const { steps } = await startInThreads(model, { ...options, threads: 1 });
  let from: Snapshot | undefined;
  for (let i = 0; i < 30; i++) {
    const { value } = await steps.next();
    if (value && "snapshot" in value) from = await value.snapshot();
  }
  await steps.return(undefined as never);
  const resumed = await startInThreads(model, { ...options, threads: 2 }, from);
  const blocks: Float64Array[] = [];
  for await (const { block } of resumed.steps) if (block) blocks.push(block.values);
  expect(blocks.flatMap((values) => Array.from(values.subarray(0, 25)))).toEqual([
    ...whole.draws.values.subarray(0, 25),
    ...whole.draws.values.subarray(25, 50),
  ]);
  expect(result(await sample(model, options))).toEqual(result(whole));
});
