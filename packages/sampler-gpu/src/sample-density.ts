import type { Draws } from "@bridgewise/core";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { DrawBlock } from "./driver/draw-block.ts";
import { factorOrDiagonal, pooledCovariance } from "./driver/metric.ts";
import {
  collectDraws,
  drawBlocks,
  type RunInfo,
  type RunOptions,
  requireInteger,
  runLengths,
  type Sampling,
  type SamplingStep,
  samplingSteps,
} from "./driver/sampling.ts";
import type { Target } from "./driver/target.ts";
import type { EngineName } from "./engine.ts";
import { seedFrom } from "./random/philox.ts";
import type { TensorRuntime } from "./tensor/runtime.ts";
import { wasmRuntime } from "./tensor/wasm-runtime.ts";

interface DensityShape {
  /** Number of parameters, all over the whole real line: a positive one is sampled as its logarithm, with the Jacobian. */
  readonly dims: number;
  /** [dims] the middle of the starting points, which are spread by `spread` around it; default 0. */
  readonly init?: ArrayLike<number>;
  /** [dims] a first guess of each parameter's standard deviation, default 1: the metric is learned in warm-up. */
  readonly spread?: ArrayLike<number>;
  /** [dims] names of the parameters, default theta[1], … */
  readonly names?: readonly string[];
}

/**
 * A log density in tfjs ops: theta float32 [chains, dims], a row a chain, gives [chains]; or [chains, pieces], whose sum over axis 1 it is:
 * pieces are subtracted from each other before they are summed, which keeps single precision exact enough for many data.
 * It must be a pure function: a compiled program calls it once.
 */
export type Density = DensityShape &
  (
    | { readonly logDensity: (theta: Tensor2D) => Tensor; readonly logDensityAndGradient?: undefined }
    | {
        readonly logDensity?: undefined;
        /** The gradient, [chains, dims], by hand; without it tfjs differentiates. */
        readonly logDensityAndGradient: (theta: Tensor2D) => {
          readonly value: Tensor;
          readonly gradient: Tensor;
        };
      }
  );

export interface DensityOptions extends RunOptions {
  /** Where it runs; by default op by op on tfjs's wasm backend. A compiled runtime is much faster. */
  readonly runtime?: TensorRuntime;
}

export interface DensityInfo extends RunInfo {
  readonly engine: EngineName;
}

export interface DensityFit extends DensityInfo {
  readonly draws: Draws;
}

/** Up to this many parameters their whole covariance is learned, above it their variances. */
const MOST_DENSE = 200;
/** The draws' covariance is shrunk towards its diagonal as if that were this many draws for each parameter. */
const DIAGONAL_WEIGHT = 2;

/**
 * Draws from a density of one's own. Throws RangeError for what is out of range, SamplingError where no chain can start; divergences are
 * counted in the result.
 */
export async function sampleDensity(density: Density, options: DensityOptions = {}): Promise<DensityFit> {
  return collectDraws(await startDensity(density, options));
}

/** The same draws as they come, block by block, as `sampleStream` has them. */
export async function* sampleDensityStream(
  density: Density,
  options: DensityOptions = {},
): AsyncGenerator<DrawBlock, DensityInfo, void> {
  return yield* drawBlocks(await startDensity(density, options));
}

async function startDensity(density: Density, options: DensityOptions): Promise<Sampling<DensityInfo>> {
  const { chains, warmup, draws, seed } = runLengths(options);
  const { runtime = wasmRuntime() } = options;
  const variables = checkedNames(density);
  const began = performance.now();
  // tfjs is loaded by those who use it
  const { userSpace } = await import("./tensor/user-density.ts");
  const { TensorEngine } = await import("./tensor/tensor-engine.ts");
  const space = await userSpace(density, chains, runtime);
  const engine = new TensorEngine(() => space, chains, seedFrom(seed), runtime);
  const setup = (performance.now() - began) / 1000;
  const run = async function* (): AsyncGenerator<SamplingStep, DensityInfo> {
    const target = densityTarget(density);
    const lengths = { ...options, warmup, draws, variables };
    const info = yield* samplingSteps(engine, target, lengths, setup, undefined);
    return { ...info, engine: runtime.engine };
  };
  return { variables, chains, draws, steps: run(), close: () => engine.close() };
}

function checkedNames({ dims, init, spread, names }: Density): readonly string[] {
  requireInteger("dims", dims, 1);
  for (const [name, values] of Object.entries({ init, spread, names })) {
    if (values && values.length !== dims)
      throw new RangeError(`${name} must have one entry for each of the ${dims} dims: ${values.length}`);
  }
  const wrong = spread && Array.from(spread).find((s) => !(s > 0 && Number.isFinite(s)));
  if (wrong !== undefined) throw new RangeError(`spread must be positive: ${wrong}`);
  return names ?? Array.from({ length: dims }, (_, k) => `theta[${k + 1}]`);
}

/** A metric that starts from the user's guess and is learned from the draws alone. */
function densityTarget({ dims, init, spread }: Density): Target {
  const diagonal = dims > MOST_DENSE;
  const mean = Float64Array.from(init ?? new Float64Array(dims));
  const scale = Float64Array.from(spread ?? new Float64Array(dims).fill(1));
  const onDiagonal = (values: Float64Array): Float64Array => {
    if (diagonal) return values;
    const out = new Float64Array(dims * dims);
    for (let k = 0; k < dims; k++) out[k * dims + k] = values[k]!;
    return out;
  };
  return {
    globals: dims,
    diagonal,
    initial: () => ({ metric: { mean, factor: onDiagonal(scale) } }),
    learn(moments, { metric }) {
      const covariance = moments.covariance();
      const step = diagonal ? 1 : dims + 1;
      const variances = Float64Array.from({ length: dims }, (_, k) => covariance[k * step]!);
      // chains that have not moved say nothing
      if (!variances.every((v) => v > 0 && Number.isFinite(v))) return { metric };
      if (diagonal) return { metric: { mean: moments.mean.slice(), factor: variances.map(Math.sqrt) } };
      const pooled = pooledCovariance(moments, onDiagonal(variances), DIAGONAL_WEIGHT * dims);
      return { metric: { mean: moments.mean.slice(), factor: factorOrDiagonal(pooled, dims) } };
    },
  };
}
