import type { Draws, Model } from "@bridgewise/core";
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../src/driver/checkpoint.ts";
import type { Snapshot } from "../src/driver/state.ts";
import { sample as sampleInThreads, startSampling as startInThreads } from "../src/node/threads.ts";
import {
  type FitInfo,
  inThisThread,
  type SampleOptions,
  type Sampling,
  sample,
  startSampling,
} from "../src/sample.ts";
import { generalDesign } from "./general-models.ts";
import { penicillin, verbAgg } from "./models.ts";

/** What is known of a fit but for draws, times and threads. */
const figures = ({ seconds: _, threads: __, ...info }: FitInfo): object =>
  Object.fromEntries(Object.entries(info).filter(([name]) => name !== "draws"));

/** The draws from `first` on of a sampling that was taken up, [variables][chains][draws], zeros before, and what is known of the fit. */
async function rest({ steps, variables, chains, draws }: Sampling) {
  const values = new Float64Array(variables.length * chains * draws);
  let first = draws;
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { values, first, info: figures(value) };
    const { block } = value;
    if (block === undefined) continue;
    first = Math.min(first, block.iteration);
    for (let s = 0; s < values.length / draws; s++)
      values.set(block.values.subarray(s * block.draws, (s + 1) * block.draws), s * draws + block.iteration);
  }
}

/** `values` [series][draws] with zeros before draw `first`. */
function from(first: number, { values, draws }: Draws): Float64Array {
  const out = values.slice();
  for (let s = 0; s < values.length / draws; s++) out.fill(0, s * draws, s * draws + first);
  return out;
}

describe.each([
  ["collapsed", penicillin, { warmup: 250 }],
  ["latent", verbAgg, { warmup: 100 }],
  ["latent, float32", verbAgg, { warmup: 50, precision: "float32" }],
  ["latent, centred", verbAgg, { warmup: 50, parametrisation: "centred" }],
  ["latent, noncentred", verbAgg, { warmup: 50, parametrisation: "noncentred" }],
  ["general", (): Model => generalDesign("student_t", "nested"), { warmup: 100 }],
] as const)("a fit taken up from a checkpoint (%s)", (_, makeModel, how) => {
  const options: SampleOptions = { chains: 3, draws: 60, seed: 5, ...how };
  const again = (bytes: Uint8Array, more: SampleOptions = {}): Promise<Sampling> =>
    startSampling(inThisThread, makeModel(), { ...options, ...more }, decodeCheckpoint(bytes) as Snapshot);

  test("goes on to the bit, from every kind of place, and as far as it is asked to", async () => {
    const whole = await sample(makeModel(), options);
    const checkpoints: Uint8Array[] = [];
    const { steps } = await startSampling(inThisThread, makeModel(), options);
    for await (const step of steps) checkpoints.push(encodeCheckpoint(await step.snapshot()));
    // inside each window, at its last iteration and after it, while the step settles, at warm-up's end, in sampling and at its end
    const { warmup: warm } = whole;
    const places = [0, 9, 10, 19, 20, 21, 29, 30, 44, 45, 79, 80, warm - 2, warm - 1, warm, warm + 1];
    for (const place of new Set(places.filter((p) => p < checkpoints.length))) {
      const { values, first, info } = await rest(await again(checkpoints[place]!));
      expect(info, `place ${place}`).toEqual(figures(whole));
      expect(values, `place ${place}`).toEqual(from(first, whole.draws));
      expect(first).toBe(place < warm ? 0 : 25 * (place - warm + 1));
    }
    const ended = await rest(await again(checkpoints.at(-1)!));
    expect(ended).toEqual({ values: from(60, whole.draws), first: 60, info: figures(whole) });

    const longer = await sample(makeModel(), { ...options, draws: 90 });
    const { values, first, info } = await rest(await again(checkpoints.at(-1)!, { draws: 90 }));
    expect(first).toBe(60);
    expect(info).toEqual(figures(longer));
    expect(values).toEqual(from(60, longer.draws));
  });
});

test("a fit begun in one thread goes on in two", async () => {
  const model = verbAgg();
  const options = { chains: 4, warmup: 60, draws: 50, seed: 2 };
  const whole = await sampleInThreads(model, { ...options, threads: 2 });
  expect(figures(await sample(model, options))).toEqual(figures(whole));
  const begun = await startInThreads(model, { ...options, threads: 1 });
  let snapshot: Snapshot | undefined;
  for (let i = 0; i < 30; i++) {
    const { done, value } = await begun.steps.next();
    if (!done) snapshot = await value.snapshot();
  }
  await begun.close();
  const resumed = await rest(await startInThreads(model, { ...options, threads: 2 }, snapshot));
  expect(resumed).toEqual({ values: whole.draws.values, first: 0, info: figures(whole) });
});
