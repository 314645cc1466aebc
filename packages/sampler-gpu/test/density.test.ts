import type { Model, Prior } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { CollapsedDensity } from "../src/density/collapsed.ts";
import { planCollapsed, sumCollapsed } from "../src/density/collapsed-plan.ts";
import { jointLogDensity, marginalLogDensity } from "../src/density/reference.ts";
import { signedSd } from "../src/density/scale.ts";
import { type Layout, layoutOf } from "../src/geometry/layout.ts";
import { latentTarget } from "../src/geometry/targets.ts";
import type { Reference } from "../src/geometry/transport.ts";
import { type Problem, prepare, type Term } from "../src/problem.ts";
import { seedFrom } from "../src/random/philox.ts";
import { PARAMETRISATIONS } from "../src/settings.ts";
import { createLatentEngine } from "../src/simd/latent-engine.ts";
import { design, numbers } from "./designs.ts";

/** The whitened density that an engine should have: the joint one at (theta, u) plus the transport's Jacobian, sum of log s, and that of x for log sd. */
function oracle(
  problem: Problem,
  layout: Layout,
  theta: Float64Array,
  effects: Float64Array[],
  { transports }: Reference,
): number {
  let lp = jointLogDensity(problem, {
    beta: theta.slice(0, layout.columns),
    logSd: problem.scales.map((c, t) => Math.log(Math.abs(signedSd(c, theta[layout.scale + t]!)))),
    logSigma: layout.logSigma < 0 ? 0 : theta[layout.logSigma]!,
    effects,
  });
  transports.forEach((transport, t) => {
    const x = theta[layout.scale + t]!;
    const sd = transport?.fixedSd ?? Math.abs(signedSd(problem.scales[t]!, x));
    for (const i of transport?.information ?? []) lp += Math.log(sd) - 0.5 * Math.log1p(i * sd * sd);
    lp -= Math.log(problem.scales[t]! * Math.abs(Math.tanh(x)));
  });
  return lp;
}

const families = ["bernoulli", "gaussian"] as const;
const cases = families.flatMap((family) =>
  PARAMETRISATIONS.map((parametrisation) => ({ family, parametrisation })),
);

describe.each(cases)("latent density, $family, $parametrisation", ({ family, parametrisation }) => {
  it.each([4, 2])("agrees with the plain float64 one, value and force, %i lanes", async (lanes) => {
    const problem = prepare(design(family));
    const layout = layoutOf(problem);
    const chains = Array.from({ length: lanes }, (_, c) => c);
    const engine = await createLatentEngine(problem, layout, chains, seedFrom(1), 100, "float64");
    const geometry = latentTarget(problem, layout, parametrisation).initial();
    await engine.init(geometry);
    const block = engine.blocks[0]!;
    const n = layout.globals;
    const w = numbers(n * lanes, 2).map((v) => 0.7 * v);
    const z = numbers(layout.latents * lanes, 3);

    const valueAt = (ws: Float64Array, zs: Float64Array, c: number): number => {
      const p = block.probe(geometry, ws, zs);
      const lane = (values: Float64Array, from: number, count: number): Float64Array =>
        Float64Array.from({ length: count }, (_, k) => values[(from + k) * lanes + c]!);
      const theta = lane(p.theta, 0, n);
      const effects = problem.terms.map((term, t) =>
        layout.denseAt[t]! >= 0
          ? theta.slice(layout.denseAt[t]!, layout.denseAt[t]! + term.levels)
          : lane(p.effects, layout.latentAt[t]!, term.levels),
      );
      return oracle(problem, layout, theta, effects, geometry.reference!);
    };
    const { value, forceW, forceZ } = block.probe(geometry, w, z);
    for (let c = 0; c < lanes; c++) expect(Math.abs(value[c]! - valueAt(w, z, c))).toBeLessThan(1e-9);

    // central differences of the oracle; the force is the gradient plus the coordinate
    const h = 1e-5;
    const slope = (which: Float64Array, i: number, c: number): number => {
      const at = i * lanes + c;
      const keep = which[at]!;
      which[at] = keep + h;
      const up = valueAt(w, z, c);
      which[at] = keep - h;
      const down = valueAt(w, z, c);
      which[at] = keep;
      return (up - down) / (2 * h);
    };
    const c = lanes - 1;
    for (let i = 0; i < n; i++) {
      expect(Math.abs(slope(w, i, c) + w[i * lanes + c]! - forceW[i * lanes + c]!)).toBeLessThan(
        2e-6 * (1 + Math.abs(forceW[i * lanes + c]!)),
      );
    }
    for (let i = 0; i < layout.latents; i++) {
      expect(Math.abs(slope(z, i, c) + z[i * lanes + c]! - forceZ[i * lanes + c]!)).toBeLessThan(
        2e-6 * (1 + Math.abs(forceZ[i * lanes + c]!)),
      );
    }
  });

  it("is the same in float32 but for rounding", async () => {
    const problem = prepare(design(family));
    const layout = layoutOf(problem);
    const geometry = latentTarget(problem, layout, parametrisation).initial();
    const w = numbers(layout.globals * 4, 2).map((v) => 0.7 * v);
    const z = numbers(layout.latents * 4, 3).map(Math.fround);
    const [wide, narrow] = await Promise.all(
      (["float64", "float32"] as const).map(async (precision) => {
        const engine = await createLatentEngine(problem, layout, [0, 1, 2, 3], seedFrom(1), 100, precision);
        await engine.init(geometry);
        return engine.blocks[0]!.probe(geometry, w, z);
      }),
    );
    const gap = (a: Float64Array, b: Float64Array): number =>
      a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!) / (1 + Math.abs(v))), 0);
    expect(gap(wide!.value, narrow!.value)).toBeLessThan(1e-5);
    expect(gap(wide!.forceW, narrow!.forceW)).toBeLessThan(1e-4);
    expect(gap(wide!.forceZ, narrow!.forceZ)).toBeLessThan(1e-4);
    expect(narrow!.forceZ).not.toEqual(wide!.forceZ);
  });

  it("keeps its density where the geometry changes under a position", async () => {
    const problem = prepare(design(family));
    const layout = layoutOf(problem);
    const engine = await createLatentEngine(problem, layout, [0, 1, 2, 3], seedFrom(1), 100, "float64");
    const first = latentTarget(problem, layout, parametrisation).initial();
    await engine.init(first);
    const before = engine.blocks[0]!.theta.slice();
    const effects = [0, 1, 2].map((t) => engine.blocks[0]!.effect(t, 1, 2));
    const shifted = {
      ...first,
      metric: {
        mean: first.metric.mean.map((m) => m + 0.3),
        factor: first.metric.factor.map((f) => 1.5 * f),
      },
    };
    await engine.setGeometry(shifted);
    engine.blocks[0]!.theta.forEach((v, i) => {
      // a mirrored sd turns back
      const isScale = i >= 4 * layout.scale && i < 4 * (layout.scale + layout.terms);
      expect(v).toBeCloseTo(isScale ? Math.abs(before[i]!) : before[i]!, 10);
    });
    effects.forEach((u, t) => {
      expect(engine.blocks[0]!.effect(t, 1, 2)).toBeCloseTo(u, 10);
    });
  });
});

const student: Prior = { kind: "student_t", df: 3, location: 2.6, scale: 2.5 };

describe("collapsed density", () => {
  const models: [string, Model][] = [
    [
      "nested, crossed, normal priors",
      {
        ...design("gaussian"),
        priors: { ...design("gaussian").priors, intercept: { kind: "normal", mean: 2, sd: 4 } },
      },
    ],
    [
      "flat priors of beta",
      {
        ...design("gaussian"),
        priors: {
          ...design("gaussian").priors,
          intercept: { kind: "flat" },
          b: [{ kind: "flat" }, { kind: "flat" }],
        },
      },
    ],
    [
      "Student-t intercept and coefficient",
      {
        ...design("gaussian"),
        priors: { ...design("gaussian").priors, intercept: student, b: [student, { kind: "flat" }] },
      },
    ],
    ["no intercept", design("gaussian", { rows: 40, intercept: false })],
    [
      "no group term",
      { ...design("gaussian"), groups: [], priors: { ...design("gaussian").priors, sd: [] } },
    ],
  ];

  it("is chosen for a larger dense block where there are the rows to pay for it", () => {
    const problem = prepare(design("gaussian"));
    const term = (levels: number): Term => ({ ...problem.terms[0]!, parent: -1, levels });
    const chosen = (linear: number, rows: number): boolean => {
      const terms = [term(1000), term(linear - problem.columns)];
      return planCollapsed({ ...problem, rows, terms }) !== undefined;
    };
    expect([chosen(60, 100), chosen(61, 100), chosen(61, 28_613)]).toEqual([true, false, true]);
    expect([chosen(100, 20_000), chosen(100, 25_000), chosen(101, 1e6)]).toEqual([false, true, false]);
  });

  it.each(models)(
    "agrees with the dense marginal density up to a constant, and with finite differences: %s",
    async (_, model) => {
      const problem = prepare(model);
      const plan = planCollapsed(problem)!;
      const sums = sumCollapsed(problem, plan, 100)!;
      const density = await CollapsedDensity.create(problem, plan, sums, 4);
      // the point in lane 1, others beside it
      const evaluate = (theta: Float64Array, grad: Float64Array): number => {
        const all = new Float64Array(4 * density.size);
        const value = new Float64Array(4);
        const slopes = new Float64Array(4 * density.size);
        theta.forEach((v, k) => {
          all.set([v + 0.1, v, v - 0.1, 0.5], 4 * k);
        });
        density.evaluate(all, value, slopes);
        for (let k = 0; k < grad.length; k++) grad[k] = slopes[4 * k + 1]!;
        return value[1]!;
      };
      const points = [numbers(density.size, 5), numbers(density.size, 6), numbers(density.size, 7)].map((p) =>
        p.map((v) => 0.5 * v - 0.4),
      );
      const grad = new Float64Array(density.size);
      const gaps = points.map((theta) => {
        const precisions = new Float64Array(problem.columns);
        const locations = new Float64Array(problem.columns);
        let mixtures = 0;
        for (let k = 0; k < problem.columns; k++) {
          const prior = model.intercept
            ? k === 0
              ? model.priors.intercept
              : model.priors.b[k - 1]!
            : model.priors.b[k]!;
          if (prior.kind === "normal") {
            precisions[k] = 1 / prior.sd ** 2;
            locations[k] = prior.mean;
          } else if (prior.kind === "student_t") {
            const logOmega = theta[density.mixtures.find((m) => m.parameter === k)!.at]!;
            precisions[k] = 1 / (prior.scale ** 2 * Math.exp(logOmega));
            locations[k] = prior.location;
            mixtures += -0.5 * prior.df * (Math.exp(-logOmega) + logOmega);
          }
        }
        const scales = theta.slice(0, problem.terms.length);
        for (const x of scales) mixtures -= Math.log(Math.abs(Math.tanh(x)));
        const logSd = scales.map((x, t) => Math.log(Math.abs(signedSd(problem.scales[t]!, x))));
        const dense = marginalLogDensity(problem, logSd, theta[problem.terms.length]!, precisions, locations);
        return evaluate(theta, grad) - dense - mixtures;
      });
      expect(Math.abs(gaps[1]! - gaps[0]!)).toBeLessThan(1e-8);
      expect(Math.abs(gaps[2]! - gaps[0]!)).toBeLessThan(1e-8);

      const theta = points[0]!;
      evaluate(theta, grad);
      const analytic = grad.slice();
      for (let k = 0; k < density.size; k++) {
        const at = (d: number): number =>
          evaluate(
            theta.map((v, i) => (i === k ? v + d : v)),
            grad,
          );
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(slope - analytic[k]!)).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
      }
    },
  );
});
