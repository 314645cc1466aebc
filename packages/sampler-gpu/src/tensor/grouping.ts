import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { type Arrays, floats, integers, type Tensors } from "./arrays.ts";

/** A rectangle [groups, most members] is used where it is at most this many times as large as what it holds. */
const MOST_WASTE = 1.5;

/** Counts of members by group. */
export function groupSizes(groups: number, index: Int32Array): Int32Array {
  const sizes = new Int32Array(groups);
  for (const g of index) sizes[g]!++;
  return sizes;
}

/** Whether a rectangle of all groups wastes little. */
export const fitsRectangle = (groups: number, width: number, members: number): boolean =>
  groups * width <= MOST_WASTE * members;

/**
 * Members in groups (rows in levels, levels in their parents): values of groups spread to their members, and members' values summed
 * by group. Three ways, by shape:
 * - *padded*: members fill a rectangle [groups, width]: a broadcast, and a sum over an axis;
 * - *gathered*: gathered into their place, and for the sum gathered into a rectangle whose gaps are masked;
 * - *indexed*: gathered into their place, and an unsorted segment sum.
 */
export class Grouping {
  readonly way: "padded" | "gathered" | "indexed";
  private readonly name: string;
  private readonly groups: number;
  private readonly members: number;
  private readonly width: number;
  /** The inputs of this grouping. */
  readonly arrays: Arrays;

  private constructor(
    way: Grouping["way"],
    name: string,
    groups: number,
    members: number,
    width: number,
    arrays: Arrays,
  ) {
    this.way = way;
    this.name = name;
    this.groups = groups;
    this.members = members;
    this.width = width;
    this.arrays = arrays;
  }

  /** Members that stand in a rectangle of `width` places a group. */
  static padded(name: string, groups: number, width: number): Grouping {
    return new Grouping("padded", name, groups, groups * width, width, {});
  }

  /** `index`: group of each member, or -1 for a member of none. */
  static by(name: string, groups: number, index: Int32Array): Grouping {
    const members = index.length;
    const real = index.filter((g) => g >= 0);
    const width = groupSizes(groups, real).reduce((a, b) => Math.max(a, b), 0);
    const spread = {
      [`${name}.index`]: integers(
        [members],
        index.map((g) => Math.max(g, 0)),
      ),
    };
    if (!fitsRectangle(groups, width, members)) {
      return new Grouping("indexed", name, groups, members, width, {
        ...spread,
        [`${name}.segments`]: integers([members], index),
      });
    }
    const places = new Int32Array(groups * width);
    const mask = new Float32Array(groups * width);
    const filled = new Int32Array(groups);
    index.forEach((g, i) => {
      if (g < 0) return;
      const at = g * width + filled[g]!++;
      places[at] = i;
      mask[at] = 1;
    });
    return new Grouping("gathered", name, groups, members, width, {
      ...spread,
      [`${name}.places`]: integers([groups * width], places),
      [`${name}.mask`]: floats([1, groups * width], mask),
    });
  }

  /** Each member's group's value, [chains, members]; not of a rectangle, where `addTo` broadcasts. */
  spread(inputs: Tensors, values: Tensor): Tensor {
    return tf.gather(values, inputs[`${this.name}.index`] as tf.Tensor1D, 1);
  }

  /** x [chains, members] plus each member's group's value [chains, groups]. */
  addTo(inputs: Tensors, x: Tensor, values: Tensor): Tensor {
    const chains = x.shape[0]!;
    const { groups, width, members } = this;
    if (this.way !== "padded") return tf.add(x, this.spread(inputs, values));
    return tf.reshape(
      tf.add(tf.reshape(x, [chains, groups, width]), tf.reshape(values, [chains, groups, 1])),
      [chains, members],
    );
  }

  /** Members' values [chains, members] summed by group, [chains, groups]. */
  sums(inputs: Tensors, x: Tensor): Tensor {
    const chains = x.shape[0]!;
    const { groups, width, name } = this;
    if (this.way === "padded") return tf.sum(tf.reshape(x, [chains, groups, width]), 2);
    if (this.way === "gathered") {
      const placed = tf.gather(x, inputs[`${name}.places`] as tf.Tensor1D, 1);
      return tf.sum(tf.reshape(tf.mul(placed, inputs[`${name}.mask`]!), [chains, groups, width]), 2);
    }
    const byMember = tf.transpose(x, [1, 0]);
    return tf.transpose(
      tf.unsortedSegmentSum(byMember, inputs[`${name}.segments`] as tf.Tensor1D, groups),
      [1, 0],
    );
  }
}
