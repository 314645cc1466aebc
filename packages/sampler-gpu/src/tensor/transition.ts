import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { statelessNormal, statelessUniform } from "../trace/random.ts";
import { whileLoop } from "../trace/while-loop.ts";
import { named, type Tensors } from "./arrays.ts";
import { blockedSum } from "./blocked-sum.ts";
import { CONTROL, PLACES } from "./control.ts";
import type { TensorDensity } from "./density.ts";
import type { TensorSpec } from "./runtime.ts";

/** Energy gains are told as numbers: this stands for one that is not. */
export const NO_NUMBER = -1e30;

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: "float32" });

/** The chains as a transition holds them: position and force by block, pieces of the log density, what is reported. */
export function stateSpecs(density: TensorDensity, chains: number): TensorSpec[] {
  const widths = [
    ...density.blocks,
    ...density.blocks,
    ...density.pieces,
    ...(density.reported > 0 ? [density.reported] : []),
  ];
  return widths.map((width) => float(chains, width));
}

/** Of each iteration: globals after it, energy gain, energy before it, what is reported. */
function recordSpecs(density: TensorDensity, chains: number): TensorSpec[] {
  return [
    float(PLACES, chains, density.blocks[0]!),
    float(PLACES, chains, 1),
    float(PLACES, chains, 1),
    ...(density.reported > 0 ? [float(PLACES, chains, density.reported)] : []),
  ];
}

const stateSize = (density: TensorDensity): number =>
  2 * density.blocks.length + density.pieces.length + (density.reported > 0 ? 1 : 0);

const sum = (tensors: readonly Tensor[]): Tensor => tensors.reduce((a, b) => tf.add(a, b));

/** One of two by chain: `take` [chains, 1] holds 1 or 0, and what is not taken may be anything. */
function choose(take: Tensor, proposal: Tensor, current: Tensor): Tensor {
  const everywhere = tf.greater(tf.add(take, tf.zerosLike(current)), 0.5);
  return tf.where(everywhere, proposal, current);
}

/** A proposal for all chains, and what became of the energy on the way. */
export interface Proposal {
  /** As the state, of the proposal. */
  readonly state: readonly Tensor[];
  /** [chains, 1] minus the energy error; a large negative number where that is not finite. */
  readonly gain: Tensor;
  /** [chains, 1] Hamiltonian at the start, up to a constant of the geometry. */
  readonly energy: Tensor;
  /** By block, at the start and at the end. */
  readonly momentum: readonly Tensor[];
  readonly endMomentum: readonly Tensor[];
}

/** Streams of random numbers, each with a key. */
const MOMENTUM = 0;
const ACCEPT = 1;
export const STREAMS = 2;

/** Standard normals for all blocks, drawn in one go: a generator is the largest part of what XLA has to compile. */
function freshMomentum(blocks: readonly number[], chains: number, seed: Tensor): Tensor[] {
  const all = statelessNormal([chains, blocks.reduce((a, b) => a + b, 0)], seed);
  if (blocks.length === 1) return [all];
  let from = 0;
  return blocks.map((width) => {
    const own = tf.slice(all, [0, from], [chains, width]);
    from += width;
    return own;
  });
}

/** Seed of a stream of iteration `first + i`. */
const seedOf = (inputs: Tensors, i: Tensor, stream: number): Tensor =>
  tf.concat([tf.slice(inputs["keys"]!, [stream], [1]), tf.add(inputs["first"]!, i)]);

/**
 * Iteration i (int32, [1]) of a dispatch by the rotation-kick integrator (DESIGN 4.3), from fresh momentum.
 *
 * The rotation is done by three shears, z += tan(a/2) p, p -= sin(a) z, z += tan(a/2) p, so that it keeps volume however its
 * coefficients round (with cos and sin in float32 each step of 9,000 latents would change it by 0.0005).
 */
export function propose(
  density: TensorDensity,
  chains: number,
  inputs: Tensors,
  state: readonly Tensor[],
  i: Tensor,
): Proposal {
  const blocks = density.blocks.length;
  const of = (name: string): Tensor => tf.gather(inputs[name]!, i as tf.Tensor1D);
  const [outer, inner] = [of("outer"), of("inner")];
  const [tangent, sine] = [of("tangent"), of("sine")];
  const momentum = freshMomentum(density.blocks, chains, seedOf(inputs, i, MOMENTUM));
  const end = whileLoop(
    tf.reshape(of("steps"), []),
    [...state.slice(0, 2 * blocks), ...momentum, ...density.kept.map((width) => tf.zeros([chains, width]))],
    (l, at) => {
      // the second step of a pair has the kicks of the first, backwards
      const second = tf.cast(tf.mod(l, 2), "float32");
      const swap = tf.mul(second, tf.sub(inner, outer));
      const [before, after] = [tf.add(outer, swap), tf.sub(inner, swap)];
      const q: Tensor[] = [];
      const p: Tensor[] = [];
      for (let b = 0; b < blocks; b++) {
        const kicked = tf.add(at[2 * blocks + b]!, tf.mul(before, at[blocks + b]!));
        const sheared = tf.add(at[b]!, tf.mul(tangent, kicked));
        const turned = tf.sub(kicked, tf.mul(sine, sheared));
        q.push(tf.add(sheared, tf.mul(tangent, turned)));
        p.push(turned);
      }
      const { force, kept } = density.evaluate(inputs, q);
      return [...q, ...force, ...p.map((pb, b) => tf.add(pb, tf.mul(after, force[b]!))), ...kept];
    },
  );
  const endMomentum = end.slice(2 * blocks, 3 * blocks);
  const kept = end.slice(3 * blocks);
  const pieces = density.piecesOf(inputs, kept);
  const potential = pieces.map((piece, k) => blockedSum(tf.sub(piece, state[2 * blocks + k]!)));
  const kinetic = momentum.map((from, b) => {
    const to = endMomentum[b]!;
    return blockedSum(tf.mul(tf.sub(to, from), tf.add(to, from)));
  });
  const gain = tf.sub(sum(potential), tf.mul(sum(kinetic), 0.5));
  const value = sum(pieces.map((_, k) => blockedSum(state[2 * blocks + k]!)));
  const energy = tf.sub(tf.mul(sum(momentum.map((p) => blockedSum(tf.square(p)))), 0.5), value);
  return {
    state: [
      ...end.slice(0, 2 * blocks),
      ...pieces,
      ...(density.reported > 0 ? [density.reportedOf(inputs, kept)] : []),
    ],
    gain: tf.where(tf.less(tf.abs(gain), -NO_NUMBER), gain, tf.fill([chains, 1], NO_NUMBER)),
    energy,
    momentum,
    endMomentum,
  };
}

export interface ProgramOptions {
  /** Names of the inputs after CONTROL: `keys` (int32 [STREAMS]) and the density's. */
  readonly inputs: readonly string[];
  /** More of the density's inputs, taken from around the program. */
  readonly held: Tensors;
  /** Whether the whole state goes in and out, or positions alone: then the first iteration must be PLACING (control.ts). */
  readonly carried: "state" | "position";
}

/** What goes into a program after its other inputs and comes out before its records, both by dispatch. */
export const carriedSpecs = (
  density: TensorDensity,
  chains: number,
  carried: ProgramOptions["carried"],
): TensorSpec[] =>
  stateSpecs(density, chains).slice(0, carried === "state" ? undefined : density.blocks.length);

/**
 * Up to PLACES transitions of all chains: inputs CONTROL, those named, what is carried; outputs what is carried, and the records.
 * Pure: the random numbers are those of (key, iteration).
 */
export function transitionProgram(
  density: TensorDensity,
  chains: number,
  options: ProgramOptions,
): (all: readonly Tensor[]) => Tensor[] {
  const names = [...Object.keys(CONTROL), ...options.inputs];
  const size = stateSize(density);
  const carried = carriedSpecs(density, chains, options.carried).length;
  return (all) => {
    const inputs = { ...named(names, all), ...options.held };
    const left = stateSpecs(density, chains).slice(carried);
    const begin = [...all.slice(names.length), ...left.map(({ shape }) => tf.zeros([...shape]))];
    const records = recordSpecs(density, chains).map(({ shape }) => tf.zeros([...shape]));
    const numbers = tf.range(0, PLACES, 1, "int32");
    const end = whileLoop(inputs["count"]!, [...begin, ...records], (index, rest) => {
      const i = tf.reshape(index, [1]);
      const state = rest.slice(0, size);
      const { state: proposal, gain, energy } = propose(density, chains, inputs, state, i);
      const luck = statelessUniform([chains, 1], seedOf(inputs, i, ACCEPT));
      const lucky = tf.cast(tf.less(luck, tf.exp(gain)), "float32");
      const take = tf.maximum(lucky, tf.gather(inputs["forced"]!, i));
      const next = proposal.map((t, k) => choose(take, t, state[k]!));
      const here = tf.reshape(tf.cast(tf.equal(numbers, i), "float32"), [PLACES, 1, 1]);
      // positions and reports are finite: adding 0 times them elsewhere changes nothing
      const record = (buffer: Tensor, value: Tensor): Tensor =>
        tf.add(buffer, tf.mul(here, tf.reshape(value, [1, ...value.shape])));
      return [
        ...next,
        record(rest[size]!, next[0]!),
        record(rest[size + 1]!, gain),
        record(rest[size + 2]!, energy),
        ...(density.reported > 0 ? [record(rest[size + 3]!, next[size - 1]!)] : []),
      ];
    });
    return [...end.slice(0, carried), ...end.slice(size)];
  };
}
