import { summarize } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { sample } from "../src/index.ts";
import { numbers } from "./designs.ts";
import { type GeneralSpec, generalModel } from "./general-models.ts";
import { batchMean } from "./posteriors.ts";

const rows = 120;
const z = numbers(5 * rows, 9);
const x = z.slice(0, rows);
const noise = z.slice(rows, 2 * rows);
const effects = z.slice(2 * rows);
const one = x.map(() => 1);
const group = Array.from(x, (_, i) => i % 12);
const line = x.map((v, i) => 0.5 * v + effects[group[i]!]! + 0.5 * effects[20 + group[i]!]! * v);
const slopes = { name: "g", of: group, columns: { one, x } };
const categories = (cuts: readonly number[]): Float64Array =>
  line.map((v, i) => 1 + cuts.filter((cut) => v + 1.7 * noise[i]! > cut).length);

const cases: readonly [string, GeneralSpec][] = [
  [
    "cumulative, no group term",
    { family: "cumulative", y: categories([-1, 0, 1]), categories: 4, x: { x }, groups: [] },
  ],
  [
    "cumulative, two categories",
    { family: "cumulative", y: categories([0]), categories: 2, x: { x }, groups: [slopes] },
  ],
  [
    "cumulative, a category without rows",
    { family: "cumulative", y: categories([-1, 0, 0, 1]), categories: 5, x: { x }, groups: [slopes] },
  ],
  [
    "no intercept, a slope alone varies",
    {
      family: "student_t",
      y: line.map((v, i) => v + noise[i]!),
      x: { x },
      intercept: false,
      groups: [{ name: "g", of: group, columns: { x } }],
    },
  ],
  [
    "slopes that do not vary",
    { family: "gaussian", y: x.map((v, i) => v + noise[i]!), x: { x }, groups: [slopes] },
  ],
  [
    "as many groups as a third of the rows",
    {
      family: "bernoulli",
      y: line.map((v, i) => (v + 1.7 * noise[i]! > 0 ? 1 : 0)),
      x: { x },
      groups: [{ name: "g", of: group.map((_, i) => i % 40), columns: { one, x } }],
    },
  ],
  [
    "responses near 0 and 1",
    {
      family: "beta",
      y: line.map((v, i) => Math.max(1e-9, (1 + Math.exp(-v - 0.5 * noise[i]!)) ** -6)),
      x: { x },
      groups: [{ name: "g", of: group }],
    },
  ],
];

describe("hard cases of the general density converge", () => {
  it.each(cases)("%s", async (_, spec) => {
    const fit = await sample(generalModel(spec), { seed: 2, density: "general" });
    expect(fit.divergences).toBeLessThanOrEqual(4);
    for (const [name, { rhat, ess_bulk }] of Object.entries(summarize(fit.draws))) {
      expect(rhat, name).toBeLessThan(1.015);
      expect(ess_bulk, name).toBeGreaterThan(400);
    }
  });

  it("a predictor's unit does not matter", async () => {
    const unit = 1e6;
    const y = line.map((v, i) => v + noise[i]!);
    const half = (scale: number) => ({ kind: "student_t", df: 3, location: 0, scale }) as const;
    const fitOf = (by: number) => {
      const own = x.map((v) => by * v);
      const groups = [{ name: "g", of: group, columns: { one, x: own } }];
      const priors = { sd: [[half(2.5), half(2.5 / by)]] };
      return sample(generalModel({ family: "gaussian", y, x: { x: own }, groups, priors }), {
        seed: 3,
        draws: 2048,
      });
    };
    const [plain, scaled] = [await fitOf(1), await fitOf(unit)];
    const scales: Record<string, number> = { b_x: unit, sd_g__x: unit };
    for (const name of ["b_Intercept", "b_x", "sd_g__one", "sd_g__x", "cor_g__one__x", "sigma"]) {
      const [a, b] = [batchMean(plain, name), batchMean(scaled, name)];
      const by = scales[name] ?? 1;
      expect(Math.abs(a.mean - by * b.mean), name).toBeLessThan(4 * Math.hypot(a.mcse, by * b.mcse));
    }
  });
});
