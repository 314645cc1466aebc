import type { Model } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { type EngineSettings, sample } from "../src/index.ts";
import { sample as sampleThreaded } from "../src/node/index.ts";
import { makeModel, pastes, penicillin, prismLike, table, verbAgg } from "./models.ts";
import { batchMean, compare } from "./posteriors.ts";

describe("posteriors agree with brms", () => {
  const cases: [string, () => Model, "auto" | "latent", number][] = [
    ["verbagg", verbAgg, "auto", 8],
    ["pastes", pastes, "auto", 4],
    ["pastes", pastes, "latent", 4],
    ["penicillin", penicillin, "auto", 4],
    ["penicillin", penicillin, "latent", 4],
    ["prism-like-bernoulli", () => prismLike("bernoulli"), "auto", 11],
    ["prism-like-gaussian", () => prismLike("gaussian"), "auto", 12],
  ];
  it.each(cases)("%s", async (name, model, density, least) => {
    const fit = await sampleThreaded(model(), {
      seed: 20,
      density,
      draws: density === "latent" ? 4000 : 1024,
    });
    // forced into its latent space, a factor of 6 levels is a funnel: a few of 16,000 transitions may diverge
    expect(fit.divergences).toBeLessThanOrEqual(density === "latent" ? 16 : 0);
    expect(compare(fit, name)).toBeGreaterThanOrEqual(least);
  });
});

describe("every parametrisation and precision has the same posterior", () => {
  const options: Partial<EngineSettings>[] = [
    { parametrisation: "noncentred" },
    { parametrisation: "centred" },
    { precision: "float32" },
  ];
  it.each(options)("VerbAgg, crossed, bernoulli: %o", async (settings) => {
    compare(await sampleThreaded(verbAgg(), { seed: 21, ...settings }), "verbagg");
  });
  it.each(options)("Pastes, nested, gaussian with its latents: %o", async (settings) => {
    const fit = await sampleThreaded(pastes(), { seed: 22, draws: 4000, density: "latent", ...settings });
    compare(fit, "pastes");
  });
  it("prism-like, nested and crossed, bernoulli: float32", async () => {
    const fit = await sampleThreaded(prismLike("bernoulli"), { seed: 23, precision: "float32" });
    expect(fit.divergences).toBe(0);
    compare(fit, "prism-like-bernoulli");
  });
});

describe("an ordinary regression", () => {
  it("has the closed form's posterior: kidiq, flat priors", async () => {
    const t = table("kidiq.csv");
    const y = Float64Array.from(t("kid_score"), Number);
    const x = Float64Array.from(t("mom_iq"), Number);
    const flat = { kind: "flat" } as const;
    const model = makeModel({
      family: "gaussian",
      y,
      x: { mom_iq: x },
      priors: { intercept: flat, sigma: flat },
    });
    const fit = await sample(model, { seed: 3, draws: 2048 });
    // least squares; with flat priors on beta and sigma, sigma^2 | y is RSS / chi^2 with n - p - 1 degrees of freedom
    const n = y.length;
    const mx = x.reduce((a, b) => a + b, 0) / n;
    const my = y.reduce((a, b) => a + b, 0) / n;
    const sxx = x.reduce((a, b) => a + (b - mx) ** 2, 0);
    const b = x.reduce((a, v, i) => a + (v - mx) * (y[i]! - my), 0) / sxx;
    const rss = y.reduce((a, v, i) => a + (v - my - b * (x[i]! - mx)) ** 2, 0);
    const close = (name: string, truth: number): void => {
      const { mean, mcse } = batchMean(fit, name);
      expect(Math.abs(mean - truth)).toBeLessThan(4 * mcse);
    };
    close("b_mom_iq", b);
    close("b_Intercept", my - b * mx);
    // E sqrt(RSS / chi^2_k) = sqrt(RSS / 2) Gamma((k - 1) / 2) / Gamma(k / 2), by Stirling's series for the ratio
    const k = n - 3;
    const m = k / 2 - 0.5;
    close("sigma", Math.sqrt(rss / 2) / (Math.sqrt(m) * (1 - 1 / (8 * m) + 1 / (128 * m * m))));
  });
});

describe("draws", () => {
  it("are the same to the bit whatever the number of threads", async () => {
    const options = { seed: 5, warmup: 150, draws: 60, chains: 5 };
    const one = await sampleThreaded(verbAgg(), { ...options, threads: 1 });
    const three = await sampleThreaded(verbAgg(), { ...options, threads: 3 });
    expect(three.threads).toBe(3);
    expect(Buffer.from(three.draws.values.buffer).equals(Buffer.from(one.draws.values.buffer))).toBe(true);
    const other = await sampleThreaded(verbAgg(), { ...options, seed: 6, threads: 1 });
    expect(other.draws.values[0]).not.toBe(one.draws.values[0]);
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const fit = sampleThreaded(verbAgg(), {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("stopped here")),
    });
    await expect(fit).rejects.toThrow("stopped here");
  });

  it("refuses options that make no sense", async () => {
    await expect(sample(pastes(), { chains: 0 })).rejects.toThrow(
      "chains must be a whole number of at least 1: 0",
    );
    await expect(sampleThreaded(pastes(), { threads: Number.NaN })).rejects.toThrow(
      "threads must be a whole number of at least 1: NaN",
    );
  });
});

describe("a chain that cannot start", () => {
  it.each(["latent", "collapsed"] as const)(
    "is an error with the way out, not NaN in a summary: %s",
    async (density) => {
      const y = Float64Array.of(1e200, -1e200, 3e200, 2e200, 1e200, -2e200);
      const model = makeModel({ family: "gaussian", y, groups: { g: [0, 0, 1, 1, 2, 2] } });
      await expect(sample(model, { density, draws: 10, warmup: 20 })).rejects.toThrow(
        /no starting point with a finite density.*check the scale/,
      );
    },
  );
});
