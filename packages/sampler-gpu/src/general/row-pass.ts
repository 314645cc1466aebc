import { type Kernel, KernelMemory, lanesOf } from "../simd/kernel.ts";
import { type FamilyRows, familyRows, type RowState } from "./family-rows.ts";
import { effectsLayout, type GeneralLayout } from "./general-layout.ts";
import type { GeneralProblem } from "./general-problem.ts";

/** The kernel takes rows by fours … */
const FOUR = 4;
/** … and so many of them are at hand together: small enough for the nearest cache. */
const BLOCK = 128;

/** The rows in the kernel's memory, shared by all blocks of chains: byte offsets, float64. */
interface RowData {
  readonly kernel: Kernel;
  readonly buffer: ArrayBuffer;
  /** [blocks of 4 rows][columns][4], 0 in the rows that fill the last one. */
  readonly x: number;
  readonly offset: number;
  /** [terms] index: [rows] int32, the level's first effect; z: [rows][q], 0 where it is all ones. */
  readonly terms: readonly { readonly size: number; readonly index: number; readonly z: number }[];
}

/** One block of chains' arrays there, [index][lanes]. */
interface PassMemory {
  readonly lanes: number;
  readonly beta: number;
  readonly betaSlope: number;
  readonly effects: number;
  readonly effectSlope: number;
  readonly eta: number;
  /** [2][rows of a block][lanes] */
  readonly logit: number;
  readonly larger: number;
}

/** Passes over the rows for blocks of chains with so many lanes each; none where the prior alone is sampled. */
export async function layOutPasses(
  problem: GeneralProblem,
  layout: GeneralLayout,
  laneCounts: readonly number[],
): Promise<(RowPass | undefined)[]> {
  if (problem.model.priorOnly) return laneCounts.map(() => undefined);
  const { rows, columns, terms } = problem;
  const { effectAt, effects } = effectsLayout(problem, layout);
  const memory = new KernelMemory();
  const padded = Math.ceil(rows / FOUR) * FOUR;
  const x = memory.reserve(8 * padded * columns);
  const offset = memory.reserve(8 * padded);
  const tables = terms.map(({ size, z }) => ({
    size,
    index: memory.reserve(4 * rows),
    z: z === undefined ? 0 : memory.reserve(8 * rows * size),
  }));
  const states = laneCounts.map((lanes): PassMemory => {
    const reserve = (n: number): number => memory.reserve(8 * n * lanes);
    return {
      lanes,
      beta: reserve(columns),
      betaSlope: reserve(columns),
      effects: reserve(effects),
      effectSlope: reserve(effects),
      eta: reserve(BLOCK),
      logit: reserve(2 * BLOCK),
      larger: reserve(2 * BLOCK),
    };
  });
  const {
    kernels: [kernel],
    buffer,
  } = await memory.instantiate("float64");
  const xs = new Float64Array(buffer, x, padded * columns);
  for (let i = 0; i < rows; i++) {
    const at = (i - (i % FOUR)) * columns + (i % FOUR);
    for (let k = 0; k < columns; k++) xs[at + k * FOUR] = problem.x[i * columns + k]!;
  }
  new Float64Array(buffer, offset, rows).set(problem.offset);
  terms.forEach(({ index, size, z }, t) => {
    const view = new Int32Array(buffer, tables[t]!.index, rows);
    for (let i = 0; i < rows; i++) view[i] = effectAt[t]! + index[i]! * size;
    if (z) new Float64Array(buffer, tables[t]!.z, z.length).set(z);
  });
  const data: RowData = { kernel, buffer, x, offset, terms: tables };
  return states.map((state) => new RowPass(problem, data, state, effects));
}

/** The likelihood of all rows and its slopes: the linear half in the kernel, the family's between. Arrays are [index][lanes]. */
export class RowPass {
  /** [terms' levels x q][lanes] (effectsLayout): what the next run sees, and the slopes that it adds to. */
  readonly effects: Float64Array;
  readonly effectSlope: Float64Array;
  private readonly beta: Float64Array;
  private readonly betaSlope: Float64Array;
  /** [rows of a block][lanes] */
  private readonly eta: Float64Array;
  private readonly rows: number;
  private readonly family: FamilyRows;
  private readonly data: RowData;
  private readonly memory: PassMemory;

  constructor(problem: GeneralProblem, data: RowData, memory: PassMemory, effects: number) {
    const view = (at: number, n: number): Float64Array => new Float64Array(data.buffer, at, n * memory.lanes);
    this.effects = view(memory.effects, effects);
    this.effectSlope = view(memory.effectSlope, effects);
    this.beta = view(memory.beta, problem.columns);
    this.betaSlope = view(memory.betaSlope, problem.columns);
    this.eta = view(memory.eta, BLOCK);
    this.rows = problem.rows;
    this.family = familyRows(problem, {
      x: view(memory.logit, 2 * BLOCK),
      larger: view(memory.larger, 2 * BLOCK),
      run: (count) => data.kernel.largerShares(count, memory.logit, memory.larger),
    });
    this.data = data;
    this.memory = memory;
  }

  /** theta begins with the coefficients; adds to thetaSlope, effectSlope and the state. */
  run(theta: Float64Array, thetaSlope: Float64Array, state: RowState, last: boolean): void {
    const { beta, betaSlope, rows } = this;
    beta.set(theta.subarray(0, beta.length));
    betaSlope.fill(0);
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first);
      this.predict(first, count);
      this.family(first, count, this.eta, state, last);
      this.gather(first, count);
    }
    for (let k = 0; k < betaSlope.length; k++) thetaSlope[k]! += betaSlope[k]!;
  }

  private predict(first: number, count: number): void {
    const { kernel, x, offset, terms } = this.data;
    const { lanes, beta, eta, effects } = this.memory;
    const vectors = lanes / lanesOf("float64");
    const columns = this.beta.length / lanes;
    kernel.predictColumns(
      vectors,
      Math.ceil(count / FOUR),
      columns,
      x + 8 * first * columns,
      offset + 8 * first,
      beta,
      eta,
    );
    for (const { size, index, z } of terms)
      kernel.predictEffects(vectors, count, size, index + 4 * first, z && z + 8 * size * first, effects, eta);
  }

  /** From the slopes in eta to those in coefficients and effects. */
  private gather(first: number, count: number): void {
    const { kernel, x, terms } = this.data;
    const { lanes, betaSlope, eta, effectSlope } = this.memory;
    const vectors = lanes / lanesOf("float64");
    const columns = this.beta.length / lanes;
    kernel.gatherColumns(vectors, Math.ceil(count / FOUR), columns, x + 8 * first * columns, eta, betaSlope);
    for (const { size, index, z } of terms)
      kernel.gatherEffects(
        vectors,
        count,
        size,
        index + 4 * first,
        z && z + 8 * size * first,
        eta,
        effectSlope,
      );
  }
}
