import { FAMILIES, type Family, type Model } from "@bridgewise/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jointLogDensity, marginalLogDensity } from "../src/density/reference.ts";
import { signedSd } from "../src/density/scale.ts";
import type { Geometry } from "../src/engine.ts";
import { createGeneralEngine } from "../src/general/general-engine.ts";
import { generalTarget } from "../src/general/general-target.ts";
import type { Layout } from "../src/geometry/layout.ts";
import { latentTarget } from "../src/geometry/targets.ts";
import { type Plan, planModel } from "../src/plan.ts";
import type { Problem } from "../src/problem.ts";
import { seedFrom } from "../src/random/philox.ts";
import { sample } from "../src/sample.ts";
import { createLatentEngine } from "../src/simd/latent-engine.ts";
import { collapsedProblem } from "../src/tensor/collapsed-space.ts";
import { createTensorEngine, tensorTarget } from "../src/tensor/create.ts";
import type { TensorRuntime } from "../src/tensor/runtime.ts";
import { unwhiten } from "../src/tensor/whitened.ts";
import { design, numbers } from "./designs.ts";
import { type GeneralShape, generalDesign, REFERENCE_MODELS } from "./general-models.ts";
import { pastes, penicillin, prismLike, verbAgg } from "./models.ts";
import { compare } from "./posteriors.ts";
import { energyErrors } from "./tensor-energy.ts";

const CHAINS = 4;
const SEED = seedFrom(20);

/** Shapes that take every layout: padded, gathered and indexed rows, parents, a dense factor, no group at all. */
const LATENT: readonly [string, Model][] = [
  ["nested and crossed, bernoulli", design("bernoulli")],
  ["nested and crossed, gaussian", design("gaussian")],
  ["unbalanced groups", design("bernoulli", { unbalanced: true })],
  ["unbalanced groups, gaussian", design("gaussian", { unbalanced: true })],
  ["three nested levels, gaussian", design("gaussian", { deep: true })],
  ["a dense factor", design("bernoulli", { rows: 400, dense: true })],
  ["no intercept, all kinds of priors", design("bernoulli", { intercept: false, kinds: true })],
  ["no group term", design("gaussian", { groups: false })],
];

/** Every family's row function, and every shape of effects with several coefficients. */
const GENERAL: readonly [Family, GeneralShape, boolean][] = [
  ...FAMILIES.map((family): [Family, GeneralShape, boolean] => [family, "slopes", false]),
  ["gaussian", "uncorrelated", false],
  ["bernoulli", "nested", false],
  ["cumulative", "crossed", false],
  ["gaussian", "dense", false],
  ["student_t", "siblings", false],
  ["cumulative", "nested", true],
];

/** Checks errors of energy gains, and of energies: these are of whole sums, and E-BFMI needs a share of their spread, above 1. */
function expectEnergies({ gains, energies }: Awaited<ReturnType<typeof energyErrors>>): void {
  const sd = (errors: readonly number[]): number =>
    Math.sqrt(errors.reduce((s, e) => s + e * e, 0) / errors.length);
  expect([gains.length, energies.length]).toEqual([3 * CHAINS, 3 * CHAINS]);
  expect(sd(gains)).toBeLessThan(0.01);
  expect(sd(energies)).toBeLessThan(0.05);
}

/** Of these XLA compiles the smaller programs. */
const COMPILED: ReadonlySet<GeneralShape> = new Set(["crossed", "dense", "siblings"]);

/** Checks that value differences between chains, and forces, agree with float64 within what single precision allows. */
function agree(
  ours: { value: ArrayLike<number>; force: (c: number) => number[] },
  theirs: { value: ArrayLike<number>; force: (c: number) => number[] },
): void {
  for (let c = 1; c < CHAINS; c++) {
    const gap = theirs.value[c]! - theirs.value[0]!;
    expect(Math.abs(ours.value[c]! - ours.value[0]! - gap)).toBeLessThan(
      1e-4 + 3e-6 * Math.abs(theirs.value[c]!) + 3e-6 * Math.abs(theirs.value[0]!),
    );
  }
  for (let c = 0; c < CHAINS; c++) {
    const force = theirs.force(c);
    const largest = Math.max(1, ...force.map(Math.abs));
    const gaps = ours.force(c).map((f, i) => Math.abs(f - force[i]!));
    expect(gaps).toHaveLength(force.length);
    expect(Math.max(...gaps) / largest).toBeLessThan(2e-5);
  }
}

/**
 * What every engine and mode of the tensor program must do. XLA compiles a general density for some seconds: a `compiled` runtime takes
 * fewer of them, and samples the wider models, which takes the others too long.
 */
export function tensorSpec(
  name: string,
  makeRuntime: () => Promise<TensorRuntime> | TensorRuntime,
  { compiled = false } = {},
): void {
  describe(`tensor program, ${name}`, () => {
    let runtime: TensorRuntime;
    let before = 0;
    beforeAll(async () => {
      runtime = await makeRuntime();
      await runtime.activate();
      before = tf.memory().numTensors;
    });
    afterAll(async () => {
      await runtime.activate();
      expect(tf.memory().numTensors, "tensors that nothing disposed of").toBe(before);
    });

    /** Probes need the whole state to be carried, as it is where the program holds no data. */
    const engineOf = (plan: Plan, holdsData = false) =>
      createTensorEngine(plan, CHAINS, SEED, 100, { ...runtime, holdsData });

    it.each(compiled ? GENERAL.filter(([, shape]) => COMPILED.has(shape)) : GENERAL)(
      "has the general density and its gradient: %s, %s",
      async (family, shape, priorOnly) => {
        const design = generalDesign(family, shape);
        const plan = planModel(priorOnly ? { ...design, priorOnly } : design, 100, { density: "general" });
        if (plan.density !== "general") throw new Error("general was asked for");
        const { problem, layout } = plan;
        const geometry = generalTarget(problem, layout, "transport").initial();
        const w = numbers(layout.globals * CHAINS, 2).map((v) => 0.5 * v);
        const z = numbers(layout.latents * CHAINS, 3);
        const block = createGeneralEngine(problem, layout, [0, 1, 2, 3], SEED, 100).blocks[0]!;
        const oracle = block.probe(geometry, w, z);
        const lane = (values: Float64Array, from: number, width: number) =>
          Float64Array.from(
            { length: width * CHAINS },
            (_, i) => values[(from + (i % width)) * CHAINS + Math.floor(i / width)]!,
          );
        const parts = layout.transported.map((t) => ({
          at: layout.latentAt[t]!,
          width: problem.terms[t]!.levels * problem.terms[t]!.size,
        }));
        const engine = await engineOf(plan);
        const { value, force } = await engine.probe(geometry, [
          lane(w, 0, layout.globals),
          ...parts.map(({ at, width }) => lane(z, at, width)),
        ]);
        const widths = [layout.globals, ...parts.map(({ width }) => width)];
        const theirs = [
          lane(oracle.forceW, 0, layout.globals),
          ...parts.map(({ at, width }) => lane(oracle.forceZ, at, width)),
        ];
        const ofChain = (blocks: readonly ArrayLike<number>[], c: number): number[] =>
          blocks.flatMap((f, b) => Array.from(f).slice(c * widths[b]!, (c + 1) * widths[b]!));
        agree(
          { value, force: (c) => ofChain(force, c) },
          { value: oracle.value, force: (c) => ofChain(theirs, c) },
        );
        await engine.close();
      },
    );

    it.each(LATENT)("has the latent density and its gradient: %s", async (_, model) => {
      const plan = planModel(model, 100, { density: "latent" });
      if (plan.density !== "latent") throw new Error("latent was asked for");
      const { problem, layout } = plan;
      const geometry = latentTarget(problem, layout, "transport").initial();
      const lanes = [0, 1, 2, 3];
      const simd = await createLatentEngine(problem, layout, lanes, SEED, 100, "float64");
      await simd.init(geometry);
      const w = numbers(layout.globals * CHAINS, 2).map((v) => 0.7 * v);
      const z = numbers(layout.latents * CHAINS, 3);
      const oracle = simd.blocks[0]!.probe(geometry, w, z);

      const engine = await engineOf(plan);
      const lane = (values: Float64Array, from: number, width: number) =>
        Float64Array.from(
          { length: width * CHAINS },
          (_, i) => values[(from + (i % width)) * CHAINS + Math.floor(i / width)]!,
        );
      const widths = layout.transported.map((t) => problem.terms[t]!.levels);
      const latents = layout.transported.map((t, i) => lane(z, layout.latentAt[t]!, widths[i]!));
      const { value, force } = await engine.probe(geometry, [lane(w, 0, layout.globals), ...latents]);
      const all = [layout.globals, ...widths];
      agree(
        {
          value,
          force: (c) => force.flatMap((f, b) => Array.from(f.slice(c * all[b]!, (c + 1) * all[b]!))),
        },
        {
          value: oracle.value,
          force: (c) => [
            ...lane(oracle.forceW, 0, layout.globals).slice(c * layout.globals, (c + 1) * layout.globals),
            ...layout.transported.flatMap((t, i) =>
              Array.from(
                lane(oracle.forceZ, layout.latentAt[t]!, widths[i]!).slice(
                  c * widths[i]!,
                  (c + 1) * widths[i]!,
                ),
              ),
            ),
          ],
        },
      );
      await engine.close();
    });

    it.each([
      ["two nested terms and a crossed one", design("gaussian")],
      ["one term", design("gaussian", { nested: false })],
      ["no group term", design("gaussian", { groups: false })],
      ["all kinds of priors", design("gaussian", { kinds: true })],
    ])("has the collapsed density and its gradient: %s", async (_, model) => {
      const plan = planModel(model, 100, { density: "collapsed" });
      if (plan.density !== "collapsed") throw new Error("collapsed was asked for");
      const { problem, layout } = collapsedProblem(plan.problem, plan.collapsed);
      const geometry = tensorTarget(plan).initial();
      const n = layout.globals;
      const w = numbers(n * CHAINS, 4).map((v) => 0.7 * v);
      const theta = new Float64Array(n);
      const valueAt = (ws: Float64Array, c: number): number => {
        unwhiten(geometry.metric, ws, c * n, theta);
        return collapsedOracle(problem, layout, theta);
      };
      const engine = await engineOf(plan);
      const { value, force } = await engine.probe(geometry, [w]);
      agree(
        { value, force: (c) => Array.from(force[0]!.slice(c * n, (c + 1) * n)) },
        {
          value: Array.from({ length: CHAINS }, (_, c) => valueAt(w, c)),
          force: (c) =>
            Array.from({ length: n }, (_, k) => {
              const moved = (h: number) => {
                const ws = w.slice();
                ws[c * n + k]! += h;
                return valueAt(ws, c);
              };
              return (moved(1e-5) - moved(-1e-5)) / 2e-5 + w[c * n + k]!;
            }),
        },
      );
      await engine.close();
    });

    it.each([
      ["bernoulli", prismLike("bernoulli"), "latent"],
      ["gaussian", prismLike("gaussian"), "latent"],
      ["collapsed gaussian", prismLike("gaussian"), "collapsed"],
    ] as const)("errs by less than 0.01 in the energy of 30,000 rows: %s", async (_, model, density) => {
      expectEnergies(await energyErrors(runtime, planModel(model, 100, { density }), CHAINS, SEED));
    });

    it.each(
      compiled ? (["cumulative"] as const) : (["gaussian", "student_t", "cumulative", "beta"] as const),
    )("errs by less than 0.01 in the energy of 20,000 rows with random slopes: %s", async (family) => {
      const plan = planModel(generalDesign(family, "crossed", 20_000), 100);
      expectEnergies(await energyErrors(runtime, plan, CHAINS, SEED));
    });

    it("takes a proposal as often as its energy says, and moves then alone", async () => {
      const engine = await engineOf(planModel(verbAgg(), 100));
      const geometry = tensorTarget(planModel(verbAgg(), 100)).initial();
      await engine.init(geometry);
      const settle = { steps: new Int32Array(25).fill(4), stepSizes: new Float64Array(25).fill(0.4) };
      await engine.transitions({ first: 0, ...settle, record: false });
      // angles so large that every other proposal is turned down
      const count = 300;
      const steps = new Int32Array(count).fill(3);
      const stepSizes = new Float64Array(count).fill(1.3);
      const { globals, acceptance } = await engine.transitions({
        first: 25,
        steps,
        stepSizes,
        record: false,
      });
      const size = globals.length / count / CHAINS;
      let [moved, expected, variance] = [0, 0, 0];
      for (let at = CHAINS; at < count * CHAINS; at++) {
        const here = globals.subarray(at * size, (at + 1) * size);
        const before = globals.subarray((at - CHAINS) * size, (at - CHAINS + 1) * size);
        const a = acceptance[at]!;
        const same = here.every((v, k) => v === before[k]);
        if (a === 1) expect(same).toBe(false);
        if (a < 1e-8) expect(same).toBe(true);
        moved += same ? 0 : 1;
        expected += a;
        variance += a * (1 - a);
      }
      expect(expected / count / CHAINS).toBeGreaterThan(0.2);
      expect(expected / count / CHAINS).toBeLessThan(0.9);
      expect(Math.abs(moved - expected)).toBeLessThan(4 * Math.sqrt(variance));
      await engine.close();
    });

    const walk = (first: number, count: number) => ({
      first,
      steps: Int32Array.from({ length: count }, (_, i) => 1 + ((first + i) % 4)),
      stepSizes: Float64Array.from({ length: count }, (_, i) => 0.3 + 0.1 * ((first + i) % 3)),
      record: true,
    });

    it.each([
      ["verbagg", "given", verbAgg],
      ["penicillin", "given", penicillin],
      ["penicillin", "held", penicillin],
    ] as const)(
      "goes on to the bit after a restore, whatever the dispatches: %s, its data %s",
      async (_, data, model) => {
        const plan = planModel(model(), 100);
        const geometry: Geometry = tensorTarget(plan).initial();
        const first = await engineOf(plan, data === "held");
        await first.init(geometry);
        await first.transitions(walk(0, 4));
        const state = await first.state();
        const expected = await first.transitions(walk(4, 30));
        const second = await engineOf(plan, data === "held");
        await second.restore(geometry, state);
        const one = await second.transitions(walk(4, 7));
        const two = await second.transitions(walk(11, 23));
        for (const key of ["globals", "variables", "acceptance"] as const)
          expect([...one[key], ...two[key]]).toEqual([...expected[key]]);
        expect(expected.acceptance.some((a) => a > 0 && a < 1)).toBe(true);
        await first.close();
        await second.close();
      },
    );

    it("moves the same, but for rounding, where the program holds its data", async () => {
      const plan = planModel(penicillin(), 100, { density: "latent" });
      const geometry = tensorTarget(plan).initial();
      const given = await engineOf(plan, false);
      await given.init(geometry);
      await given.transitions(walk(0, 8));
      const held = await engineOf(plan, true);
      await held.restore(geometry, await given.state());
      const [a, b] = [await given.transitions(walk(8, 1)), await held.transitions(walk(8, 1))];
      for (const key of ["globals", "variables", "acceptance"] as const) {
        expect(a[key].length).toBeGreaterThan(0);
        a[key].forEach((v, i) => {
          expect(Math.abs(v - b[key][i]!)).toBeLessThan(2e-3 * (1 + Math.abs(v)));
        });
      }
      await given.close();
      await held.close();
    });

    it("keeps its density where the geometry changes under a position", async () => {
      for (const model of [design("bernoulli"), design("gaussian", { deep: true })]) {
        const plan = planModel(model, 100, { density: "latent" });
        const engine = await engineOf(plan);
        const geometry = tensorTarget(plan).initial();
        await engine.init(geometry);
        const none = { first: 0, steps: Int32Array.of(1), stepSizes: Float64Array.of(0), record: true };
        const before = await engine.transitions(none);
        await engine.setGeometry({
          ...geometry,
          metric: {
            mean: geometry.metric.mean.map((m) => m + 0.3),
            factor: geometry.metric.factor.map((f) => 1.5 * f),
          },
        });
        const after = await engine.transitions(none);
        after.variables.forEach((v, i) => {
          expect(Math.abs(v - before.variables[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(v)));
        });
        await engine.close();
      }
    });

    it("gives the same draws for the same seed, others for another", async () => {
      const options = { runtime, warmup: 30, draws: 30 };
      const fits = [
        await sample(verbAgg(), { ...options, seed: 5 }),
        await sample(verbAgg(), { ...options, seed: 5 }),
        await sample(verbAgg(), { ...options, seed: 6 }),
      ];
      const [a, b, other] = fits.map((f) => Array.from(f.draws.values));
      expect(a).toEqual(b);
      expect(a).not.toEqual(other);
      expect(fits[0]!.engine).toBe(runtime.engine);
    });

    it.each([
      ["verbagg", "auto", 8, verbAgg],
      ["pastes", "auto", 4, pastes],
      ["penicillin", "auto", 4, penicillin],
      ["penicillin", "latent", 4, penicillin],
      ["prism-like-gaussian", "auto", 12, () => prismLike("gaussian")],
    ] as const)("has brms's posterior: %s, %s", async (fixture, density, least, model) => {
      const fit = await sample(model(), { runtime, seed: 20, density, draws: 1024 });
      // among the latents or the globals, a factor of 6 levels is a funnel: a few of 4,096 transitions may diverge
      expect(fit.divergences).toBeLessThanOrEqual(fixture === "penicillin" ? 16 : 0);
      expect(compare(fit, fixture)).toBeGreaterThanOrEqual(least);
    });

    it.skipIf(!compiled).each(["sleepstudy-student", "cbpp", "petrol", "inhaler"])(
      "has brms's posterior of a wider model: %s",
      async (fixture) => {
        const fit = await sample(REFERENCE_MODELS[fixture]!(), { runtime, seed: 4, draws: 2048 });
        expect(fit.density).toBe("general");
        expect(fit.divergences).toBeLessThanOrEqual(1);
        expect(compare(fit, `../posteriors-general/${fixture}`)).toBeGreaterThanOrEqual(3);
      },
    );

    it("samples a model with random slopes, the same draws for the same seed", async () => {
      const options = { runtime, warmup: 20, draws: 20, seed: 3 };
      const model = generalDesign("gaussian", "dense");
      const [a, b] = [await sample(model, options), await sample(model, options)];
      expect(a.engine).toBe(runtime.engine);
      expect(Array.from(a.draws.values)).toEqual(Array.from(b.draws.values));
      expect(a.draws.values.every(Number.isFinite)).toBe(true);
      expect(a.draws.variables).toContain("r_item[m1,a]");
    });

    it("cannot start where no density is finite, and says so", async () => {
      const model = design("gaussian");
      const huge = { ...model, y: model.y.map((v) => v * 1e200) };
      await expect(sample(huge, { runtime, density: "latent", draws: 10, warmup: 20 })).rejects.toThrow(
        /no starting point with a finite density/,
      );
    });
  });
}

/** log N(y; X beta + dense effects, V) + priors at theta, by a dense factor of V. */
function collapsedOracle(problem: Problem, layout: Layout, theta: Float64Array): number {
  const { rows, columns, x, terms, model } = problem;
  const dense = terms.map((_, t) => layout.denseAt[t]!);
  const logSd = problem.scales.map((c, t) => Math.log(Math.abs(signedSd(c, theta[layout.scale + t]!))));
  const resid = problem.y.map((y, i) => {
    let r = y;
    for (let k = 0; k < columns; k++) r -= x[i * columns + k]! * theta[k]!;
    terms.forEach((term, t) => {
      if (dense[t]! >= 0) r -= theta[dense[t]! + term.index[i]!]!;
    });
    return r;
  });
  const own = terms.map((_, t) => t).filter((t) => dense[t]! < 0);
  const others = terms.map((_, t) => t).filter((t) => dense[t]! >= 0);
  const pick = (which: readonly number[]): Problem => ({
    ...problem,
    terms: which.map((t) => terms[t]!),
    model: { ...model, priors: { ...model.priors, sd: which.map((t) => model.priors.sd[t]!) } },
  });
  let lp = marginalLogDensity(
    { ...pick(own), columns: 0, y: resid },
    Float64Array.from(own, (t) => logSd[t]!),
    theta[layout.logSigma]!,
    new Float64Array(0),
    new Float64Array(0),
  );
  // the priors of all else: a joint density without rows
  lp += jointLogDensity(
    { ...pick(others), rows: 0, gaussian: false },
    {
      beta: theta.slice(0, columns),
      logSd: Float64Array.from(others, (t) => logSd[t]!),
      logSigma: 0,
      effects: others.map((t) => theta.slice(dense[t]!, dense[t]! + terms[t]!.levels)),
    },
  );
  expect(rows).toBe(problem.y.length);
  // from log sd to x
  terms.forEach((_, t) => {
    lp -= Math.log(Math.abs(Math.tanh(theta[layout.scale + t]!)));
  });
  return lp;
}
