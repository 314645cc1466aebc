import { describe, expect, test } from "vitest";
import { sampleStream as streamInThreads } from "../src/node/threads.ts";
import { sample, sampleStream } from "../src/sample.ts";
import { penicillin } from "./models.ts";

const options = { chains: 2, warmup: 60, draws: 110, seed: 3 };

describe("draws as they come", () => {
  test.each([
    ["in this thread", sampleStream],
    ["over threads", streamInThreads],
  ])("are the draws of sample, %s", async (_, stream) => {
    const model = await penicillin();
    const { draws } = await sample(model, options);
    let seen = 0;
    for await (const block of stream(model, options)) {
      expect(block.iteration).toBe(seen);
      expect([block.variables, block.chains]).toEqual([draws.variables, 2]);
      for (let s = 0; s < draws.variables.length * 2; s++)
        expect(block.values.subarray(s * block.draws, (s + 1) * block.draws)).toEqual(
          draws.values.subarray(s * 110 + seen, s * 110 + seen + block.draws),
        );
      seen += block.draws;
    }
    expect(seen).toBe(110);
  });

  test("end with what is known of the fit", async () => {
    const model = await penicillin();
    const { draws: _, seconds: __, ...info } = await sample(model, options);
    const stream = sampleStream(model, options);
    for (;;) {
      const { done, value } = await stream.next();
      if (!done) continue;
      expect(value).toMatchObject(info);
      break;
    }
  });

  test("stop when the loop is left, and when the signal is aborted, with its reason", async () => {
    const model = await penicillin();
    const controller = new AbortController();
    const endless = { ...options, draws: 1_000_000_000, signal: controller.signal };
    for await (const block of sampleStream(model, endless)) if (block.iteration >= 50) break;
    let blocks = 0;
    const reading = (async () => {
      for await (const _ of sampleStream(model, endless))
        if (++blocks === 3) controller.abort(new Error("enough"));
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(blocks).toBe(3);
  });

  test("ask for what there is", async () => {
    const model = await penicillin();
    await expect(sampleStream(model, { engine: "cuda" }).next()).rejects.toThrow("needs a runtime here");
    await expect(sample(model, { precision: "float16" as never })).rejects.toThrow(
      "precision 'float16' does not exist: use float64, float32",
    );
    await expect(sampleStream(model, { engine: "wasm", precision: "float64" }).next()).rejects.toThrow(
      "engine 'wasm' computes in float32",
    );
    await expect(sampleStream(model, { engine: "wasm", parametrisation: "centred" }).next()).rejects.toThrow(
      "use engine simd",
    );
    await expect(streamInThreads(model, { threads: 0 }).next()).rejects.toThrow("threads must be");
  });
});
