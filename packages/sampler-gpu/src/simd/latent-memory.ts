import type { Layout } from "../geometry/layout.ts";
import type { Reference } from "../geometry/transport.ts";
import type { Problem } from "../problem.ts";
import type { Precision } from "../settings.ts";
import { bytesOf, type Kernel, KernelMemory, lanesOf, type RealArray } from "./kernel.ts";

/** Rows are taken four at a time; the last block is filled up with rows that count for nothing. */
export const BLOCK = 4;

/** Byte offsets of one transported term's tables. */
export interface TermTables {
  /** [levels][2]: information, center. */
  readonly table: number;
  readonly responses: number;
  readonly responseOf: number;
  readonly parent: number;
  readonly mode: number;
}

/** The data in the kernel's memory, shared by all blocks of chains. */
export interface LatentData {
  readonly precision: Precision;
  readonly kernel: Kernel;
  /** Where the forces inside a trajectory are computed in float32 (steersInFloat32): the float32 kernel over the same memory, and the rows for it. */
  readonly steering: { readonly kernel: Kernel; readonly x: number; readonly y: number } | undefined;
  readonly buffer: ArrayBuffer;
  readonly blocks: number;
  readonly padding: number;
  readonly x: number;
  readonly y: number;
  /** [row terms][blocks * 4] */
  readonly index: number;
  readonly rowTerms: number;
  /** Levels over which the rows' effects and gradients lie: latents, dense effects, one waste level. */
  readonly rowLevels: number;
  readonly denseRow: readonly number[];
  readonly tables: readonly (TermTables | undefined)[];
  /** Space for the state of one block of chains, handed out before the memory was made. */
  readonly states: readonly BlockMemory[];
}

/** Byte offsets of one block's arrays, each [index][lanes] in the kernel's precision unless told otherwise. */
export interface BlockMemory {
  readonly lanes: number;
  readonly vectors: number;
  readonly beta: number;
  readonly gradBeta: number;
  readonly dtheta: number;
  readonly gradTheta: number;
  readonly tau: number;
  /** The transports' tau: the standard deviation itself, or the one that they stand still at. */
  readonly transportTau: number;
  readonly weight: number;
  /** [lanes] float64 */
  readonly likelihood: number;
  /** [terms][3][lanes] float64 */
  readonly out: number;
  /** [4] int32: numbers of the chains, two of them twice. */
  readonly chains: number;
  /** [lanes] float64 */
  readonly kinetic: number;
  /** [lanes] all ones or zeros, as wide as a number. */
  readonly mask: number;
  /** z, gradient + z, u: three stretches of `latents`, so that one copy keeps or restores all. */
  readonly state: number;
  readonly kept: number;
  readonly p: number;
  readonly scale: number;
  /** For the float32 forces, [.][4] float32: beta, gradBeta [columns], total, gradTotal [rowLevels]; 0 where there are none. */
  readonly steering: {
    readonly beta: number;
    readonly gradBeta: number;
    readonly total: number;
    readonly gradTotal: number;
  };
  /** [rowLevels] total effects that rows see, and the gradients in them. */
  readonly total: number;
  readonly gradTotal: number;
}

/**
 * Whether a float64 kernel takes a bernoulli likelihood's forces inside a trajectory from the float32 one, in half the time. They only steer:
 * any force that is a function of the position keeps the integrator's volume and its reversibility, and positions, the energies that decide
 * over acceptance, and the forces at both ends of a trajectory are float64. (A gaussian response may need all its digits.)
 */
const steersInFloat32 = (problem: Problem, precision: Precision): boolean =>
  precision === "float64" && !problem.gaussian;

/** A view of `length` numbers of the kernel's precision. */
export const reals = (precision: Precision, buffer: ArrayBuffer, at: number, length: number): RealArray =>
  precision === "float64" ? new Float64Array(buffer, at, length) : new Float32Array(buffer, at, length);

export async function layOutLatent(
  problem: Problem,
  layout: Layout,
  laneCounts: readonly number[],
  precision: Precision,
): Promise<LatentData> {
  const bytes = bytesOf(precision);
  const { rows, columns, terms } = problem;
  const { linear, latents, latentAt } = layout;
  const memory = new KernelMemory();
  const blocks = Math.ceil(rows / BLOCK);
  const padded = blocks * BLOCK;
  const rowTerms = terms.map((_, t) => t).filter((t) => terms[t]!.mode === "dense" || terms[t]!.leaf);
  let rowLevels = latents;
  const denseRow = terms.map((term) => {
    if (term.mode !== "dense") return -1;
    rowLevels += term.levels;
    return rowLevels - term.levels;
  });
  const waste = rowLevels++;

  const x = memory.reserve(bytes * padded * columns);
  const y = memory.reserve(bytes * padded);
  const index = memory.reserve(4 * padded * rowTerms.length);
  const steering = steersInFloat32(problem, precision)
    ? { x: memory.reserve(4 * padded * columns), y: memory.reserve(4 * padded) }
    : undefined;
  const tables = terms.map((term): TermTables | undefined =>
    term.mode === "dense"
      ? undefined
      : {
          table: memory.reserve(2 * bytes * term.levels),
          responses: memory.reserve(bytes * term.levels * linear),
          responseOf: memory.reserve(4 * term.levels),
          parent: term.parent < 0 ? 0 : memory.reserve(4 * term.levels),
          mode: memory.reserve(bytes * term.levels),
        },
  );
  const states = laneCounts.map((lanes): BlockMemory => {
    const vectors = (n: number): number => memory.reserve(bytes * n * lanes);
    const wide = (n: number): number => memory.reserve(8 * n * lanes);
    const narrow = (n: number): number => (steering ? memory.reserve(16 * n) : 0);
    return {
      lanes,
      vectors: lanes / lanesOf(precision),
      beta: vectors(columns),
      gradBeta: vectors(columns),
      dtheta: vectors(linear),
      gradTheta: vectors(linear),
      tau: vectors(terms.length),
      transportTau: vectors(terms.length),
      weight: vectors(1),
      likelihood: wide(1),
      out: wide(3 * terms.length),
      chains: memory.reserve(16),
      kinetic: wide(1),
      mask: vectors(1),
      state: vectors(3 * latents),
      kept: vectors(3 * latents),
      p: vectors(latents),
      scale: vectors(latents),
      total: vectors(rowLevels),
      gradTotal: vectors(rowLevels),
      steering: {
        beta: narrow(columns),
        gradBeta: narrow(columns),
        total: narrow(rowLevels),
        gradTotal: narrow(rowLevels),
      },
    };
  });
  const {
    kernels: [kernel, steeringKernel],
    buffer,
  } = await memory.instantiate(precision, ...(steering ? (["float32"] as const) : []));

  const fillRows = (xs: RealArray, ys: RealArray): void => {
    ys.set(problem.y);
    for (let i = 0; i < rows; i++) {
      const at = (i - (i % BLOCK)) * columns + (i % BLOCK);
      for (let k = 0; k < columns; k++) xs[at + k * BLOCK] = problem.x[i * columns + k]!;
    }
  };
  fillRows(reals(precision, buffer, x, padded * columns), reals(precision, buffer, y, rows));
  if (steering)
    fillRows(
      reals("float32", buffer, steering.x, padded * columns),
      reals("float32", buffer, steering.y, rows),
    );
  rowTerms.forEach((t, q) => {
    const term = terms[t]!;
    const offset = term.mode === "dense" ? denseRow[t]! : latentAt[t]!;
    const view = new Int32Array(buffer, index + 4 * padded * q, padded).fill(waste);
    for (let i = 0; i < rows; i++) view[i] = offset + term.index[i]!;
  });
  terms.forEach((term, t) => {
    const at = tables[t]?.parent;
    if (at && term.parentOf) new Int32Array(buffer, at, term.levels).set(term.parentOf);
  });
  return {
    precision,
    kernel,
    steering: steering && { kernel: steeringKernel!, ...steering },
    buffer,
    blocks,
    padding: padded - rows,
    x,
    y,
    index,
    rowTerms: rowTerms.length,
    rowLevels,
    denseRow,
    tables,
    states,
  };
}

/** Writes the transports into the tables. */
export function writeReference(data: LatentData, reference: Reference): void {
  reference.transports.forEach((transport, t) => {
    const tables = data.tables[t];
    if (transport === undefined || tables === undefined) return;
    const levels = transport.information.length;
    const table = reals(data.precision, data.buffer, tables.table, 2 * levels);
    for (let j = 0; j < levels; j++) {
      table[2 * j] = transport.information[j]!;
      table[2 * j + 1] = transport.center[j]!;
    }
    reals(data.precision, data.buffer, tables.responses, transport.responses.length).set(transport.responses);
    new Int32Array(data.buffer, tables.responseOf, levels).set(transport.responseOf);
    reals(data.precision, data.buffer, tables.mode, levels).set(transport.mode);
  });
}
