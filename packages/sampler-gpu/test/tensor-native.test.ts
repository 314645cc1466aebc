import { describe, expect, it } from "vitest";
import { readRecord } from "../src/native/engine-record.ts";
import { buildEngine, nativeRuntime } from "../src/native/index.ts";
import { sample } from "../src/sample.ts";
import { prismLike } from "./models.ts";
import { compare } from "./posteriors.ts";
import { tensorSpec } from "./tensor-spec.ts";

/** bench/gpu.sh runs the spec on a card: BRIDGEWISE_SPEC_ENGINE=cuda. */
const engine = process.env["BRIDGEWISE_SPEC_ENGINE"] === "cuda" ? "cuda" : "native";
const build = engine === "cuda" ? "gpu" : "cpu";

// on a developer's machine the spec runs where the engine is built; CI builds it
if (process.env["CI"] && typeof (await readRecord(build)) === "string")
  await buildEngine({ gpu: build === "gpu" });
const record = await readRecord(build);

if (typeof record === "string") {
  describe(`tensor program, ${engine}`, () => {
    it.skip(`needs 'bridgewise engine build' (${record})`, () => {});
  });
} else {
  for (const mode of ["compiled", "eager"] as const)
    tensorSpec(`${engine}, ${mode}`, () => nativeRuntime({ engine, mode }), {
      compiled: mode === "compiled",
    });

  // too long for the engines that go op by op
  it("has brms's posterior of 30,000 rows in their latent space, compiled", async () => {
    const runtime = await nativeRuntime({ engine, mode: "compiled" });
    const fit = await sample(prismLike("bernoulli"), { runtime, seed: 20, draws: 1024 });
    expect(fit.density).toBe("latent");
    expect(fit.divergences).toBe(0);
    expect(compare(fit, "prism-like-bernoulli")).toBeGreaterThanOrEqual(11);
  });
}
