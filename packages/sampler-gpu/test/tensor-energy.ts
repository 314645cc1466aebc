import * as tf from "@tensorflow/tfjs-core";
import type { Geometry } from "../src/engine.ts";
import { createGeneralEngine } from "../src/general/general-engine.ts";
import type { Plan } from "../src/plan.ts";
import type { Seed } from "../src/random/philox.ts";
import { createLatentEngine } from "../src/simd/latent-engine.ts";
import { disposeAll, integers, named, upload } from "../src/tensor/arrays.ts";
import { collapsedProblem, collapsedSpace } from "../src/tensor/collapsed-space.ts";
import { CONTROL, controlOf } from "../src/tensor/control.ts";
import { createTensorEngine, tensorTarget } from "../src/tensor/create.ts";
import { generalSpace } from "../src/tensor/general-space.ts";
import { latentSpaces } from "../src/tensor/latent-space.ts";
import type { TensorRuntime } from "../src/tensor/runtime.ts";
import type { Space } from "../src/tensor/space.ts";
import { propose, STREAMS, stateSpecs } from "../src/tensor/transition.ts";
import { exactCollapsed } from "./tensor-collapsed-oracle.ts";

/** Float64 log density at a position, [chains], up to a constant. */
type Oracle = (position: readonly Float64Array[]) => Promise<Float64Array>;

async function oracleOf(
  plan: Plan,
  geometry: Geometry,
  chains: number,
  seed: Seed,
): Promise<[Space, Oracle]> {
  if (plan.density === "collapsed") {
    const { problem, layout } = collapsedProblem(plan.problem, plan.collapsed);
    const space = collapsedSpace(problem, layout, plan.collapsed, plan.sums, seed, 100);
    return [space, async ([w]) => exactCollapsed(problem, layout, plan, geometry, w!, chains)];
  }
  const lanes = (block: Float64Array): Float64Array => {
    const width = block.length / chains;
    return Float64Array.from(block, (_, i) => block[(i % chains) * width + Math.floor(i / chains)]!);
  };
  const { layout } = plan;
  const latentsOf = (blocks: readonly Float64Array[]): Float64Array => {
    const z = new Float64Array(layout.latents * chains);
    layout.transported.forEach((t, i) => {
      z.set(lanes(blocks[i]!), layout.latentAt[t]! * chains);
    });
    return z;
  };
  if (plan.density === "general") {
    const space = generalSpace(plan.problem, plan.layout, seed, 100);
    const block = (await createGeneralEngine(plan.problem, plan.layout, [0, 1, 2, 3], seed, 100)).blocks[0]!;
    return [space, async ([w, ...blocks]) => block.probe(geometry, lanes(w!), latentsOf(blocks)).value];
  }
  const { problem } = plan;
  const space = latentSpaces(problem, plan.layout, 100)(geometry, undefined);
  const simd = await createLatentEngine(problem, plan.layout, [0, 1, 2, 3], seed, 100, "float64");
  await simd.init(geometry);
  return [
    space,
    async ([w, ...blocks]) => simd.blocks[0]!.probe(geometry, lanes(w!), latentsOf(blocks)).value,
  ];
}

/**
 * Energy gains of proposals by the program, less those of the same positions and momenta in float64: three transitions of each chain; and
 * their energies at the start, less the same, around their mean.
 */
export async function energyErrors(
  runtime: TensorRuntime,
  plan: Plan,
  chains: number,
  seed: Seed,
): Promise<{ readonly gains: number[]; readonly energies: number[] }> {
  const geometry = tensorTarget(plan).initial();
  const [space, oracle] = await oracleOf(plan, geometry, chains, seed);
  const { density } = space;
  const blocks = density.blocks.length;
  // the posterior's bulk, not the wide start
  const engine = await createTensorEngine(plan, chains, seed, 100, { ...runtime, holdsData: false });
  await engine.init(geometry);
  const count = 12;
  await engine.transitions({
    first: 0,
    steps: new Int32Array(count).fill(4),
    stepSizes: new Float64Array(count).fill(0.2),
    record: false,
  });
  const names = ["keys", ...Object.keys(space.data), ...Object.keys(space.geometry(geometry))];
  const all = [...Object.keys(CONTROL), ...names];
  const size = stateSpecs(density, chains).length;
  const streams = integers([STREAMS], [77, 78]);
  const host = { keys: streams, ...space.data, ...space.geometry(geometry) };
  const specs = [
    ...Object.values(CONTROL),
    ...Object.values(host).map(({ shape, dtype }) => ({ shape, dtype })),
    ...engine.deviceState.map((t) => ({ shape: t.shape, dtype: "float32" as const })),
  ];
  const program = await runtime.prepare("energy", specs, (tensors) => {
    const inputs = named(all, tensors);
    const i = tf.zeros([1], "int32");
    const p = propose(density, chains, inputs, tensors.slice(all.length, all.length + size), i);
    return [p.gain, p.energy, ...p.state.slice(0, blocks), ...p.momentum, ...p.endMomentum];
  });
  await runtime.activate();
  const errors: number[] = [];
  const levels: number[] = [];
  const data = upload(host);
  const read = (t: tf.Tensor): Float64Array => Float64Array.from(t.dataSync());
  for (let first = 0; first < 3; first++) {
    const control = upload(controlOf(first, [{ steps: 6, stepSize: 0.2 }]));
    const start = engine.deviceState.slice(0, blocks).map(read);
    const out = program.run([...Object.values(control), ...Object.values(data), ...engine.deviceState]);
    const [gain, energy, ...rest] = out.map(read);
    tf.dispose(out);
    disposeAll(control);
    const end = rest.slice(0, blocks);
    const from = await oracle(start);
    const to = await oracle(end);
    for (let c = 0; c < chains; c++) {
      let kinetic = 0;
      let atStart = 0;
      for (let b = 0; b < blocks; b++) {
        const width = density.blocks[b]!;
        for (let k = c * width; k < (c + 1) * width; k++) {
          kinetic += rest[2 * blocks + b]![k]! ** 2 - rest[blocks + b]![k]! ** 2;
          atStart += rest[blocks + b]![k]! ** 2;
        }
      }
      errors.push(gain![c]! - (to[c]! - from[c]! - 0.5 * kinetic));
      levels.push(energy![c]! - (0.5 * atStart - from[c]!));
    }
  }
  disposeAll(data);
  program.dispose();
  await engine.close();
  const mean = levels.reduce((sum, level) => sum + level / levels.length, 0);
  return { gains: errors, energies: levels.map((level) => level - mean) };
}
