import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Model } from "@bridgewise/core";
import type { DrawBlock } from "../driver/draw-block.ts";
import type { Snapshot } from "../driver/state.ts";
import {
  type Engine,
  type EngineState,
  type Geometry,
  SamplingError,
  type TransitionResult,
  type Transitions,
} from "../engine.ts";
import { createEngine, type Plan } from "../plan.ts";
import type { Seed } from "../random/philox.ts";
import {
  chainNumbers,
  type EngineMaker,
  type Fit,
  type FitInfo,
  onRuntime,
  type SampleOptions,
  type Sampling,
  sampleWith,
  startSampling as startSamplingWith,
  streamWith,
} from "../sample.ts";
import type { Answer, Request } from "./protocol.ts";
import { runtimeOf } from "./runtimes.ts";

export interface ThreadedOptions extends SampleOptions {
  /** Worker threads, default: as many as there are processors and pairs of chains, or one where the problem is small. */
  readonly threads?: number;
}

/** Below this many rows a fit is over before the threads have paid for themselves. */
const FEW_ROWS = 2000;

/** Draws from the posterior of a model with the chains spread over threads; the draws do not depend on their number. */
export async function sample(model: Model, options: ThreadedOptions = {}): Promise<Fit> {
  return sampleWith(overThreads(options), model, options);
}

/** The same draws block by block, as the `sampleStream` of one thread. */
export async function* sampleStream(
  model: Model,
  options: ThreadedOptions = {},
): AsyncGenerator<DrawBlock, FitInfo, void> {
  return yield* streamWith(overThreads(options), model, options);
}

/** A fit step by step, from a snapshot where one is given: for programs that keep checkpoints. */
export async function startSampling(
  model: Model,
  options: ThreadedOptions,
  from?: Snapshot,
): Promise<Sampling> {
  return startSamplingWith(overThreads(options), model, options, from);
}

function overThreads({ threads: asked }: ThreadedOptions): EngineMaker {
  if (asked !== undefined && !(Number.isSafeInteger(asked) && asked >= 1))
    throw new RangeError(`threads must be a whole number of at least 1: ${asked}`);
  return async (plan, chains, seed, settings) => {
    if (settings.engine !== "simd")
      return onRuntime(await runtimeOf(settings.engine, asked))(plan, chains, seed, settings);
    const pairs = Math.ceil(chains / 2);
    const worthIt = plan.density !== "collapsed" && plan.problem.rows >= FEW_ROWS;
    const threads = Math.min(pairs, asked ?? (worthIt ? availableParallelism() : 1));
    return {
      threads,
      engine:
        threads === 1
          ? await createEngine(plan, chainNumbers(chains), seed)
          : await ThreadedEngine.create(plan, chains, seed, threads),
    };
  };
}

/** A worker thread that answers one request at a time. */
class Remote {
  private readonly worker: Worker;

  constructor() {
    // run from source, the worker is TypeScript too
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.worker = new Worker(new URL(`./worker.${extension}`, import.meta.url));
    this.worker.setMaxListeners(0);
  }

  ask(request: Request & { readonly kind: "transitions" }): Promise<TransitionResult>;
  ask(request: Request & { readonly kind: "state" }): Promise<EngineState>;
  ask(request: Request): Promise<unknown>;
  ask(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.worker.removeListener("message", onMessage);
        this.worker.removeListener("error", onError);
        this.worker.removeListener("exit", onExit);
        act();
      };
      const onMessage = (answer: Answer): void =>
        settle(() => {
          if (answer.ok) resolve(answer.result);
          else
            reject(
              answer.name === "SamplingError" ? new SamplingError(answer.message) : new Error(answer.message),
            );
        });
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (code: number): void =>
        settle(() => reject(new Error(`a sampling thread ended early (code ${code})`)));
      this.worker.once("message", onMessage);
      this.worker.once("error", onError);
      this.worker.once("exit", onExit);
      this.worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Chains spread over worker threads, pairs of them kept together; results come in the order of the chains. */
class ThreadedEngine implements Engine {
  readonly chains: number;
  private readonly remotes: readonly Remote[];
  /** Numbers of each remote's chains. */
  private readonly shares: readonly (readonly number[])[];

  private constructor(shares: readonly (readonly number[])[], remotes: readonly Remote[]) {
    this.chains = shares.reduce((sum, share) => sum + share.length, 0);
    this.shares = shares;
    this.remotes = remotes;
  }

  static async create(plan: Plan, chains: number, seed: Seed, threads: number): Promise<ThreadedEngine> {
    const shares = spread(chainNumbers(chains), threads);
    const remotes = shares.map(() => new Remote());
    const engine = new ThreadedEngine(shares, remotes);
    try {
      await Promise.all(
        remotes.map((remote, i) => remote.ask({ kind: "create", plan, chains: shares[i]!, seed })),
      );
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  async init(geometry: Geometry): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.ask({ kind: "init", geometry })));
  }

  async setGeometry(geometry: Geometry): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.ask({ kind: "setGeometry", geometry })));
  }

  async transitions(request: Transitions): Promise<TransitionResult> {
    const parts = await Promise.all(
      this.remotes.map((remote) => remote.ask({ kind: "transitions", request })),
    );
    const merge = <T extends Float64Array | Uint8Array>(
      pick: (part: TransitionResult) => T,
      make: (size: number) => T,
    ): T =>
      interleave(
        parts.map((part) => pick(part)),
        request.steps.length,
        make,
      );
    return {
      acceptance: merge(
        (p) => p.acceptance,
        (n) => new Float64Array(n),
      ),
      divergent: merge(
        (p) => p.divergent,
        (n) => new Uint8Array(n),
      ),
      ...(parts.every(({ energy }) => energy !== undefined) && {
        energy: merge(
          (p) => p.energy!,
          (n) => new Float64Array(n),
        ),
      }),
      globals: merge(
        (p) => p.globals,
        (n) => new Float64Array(n),
      ),
      variables: merge(
        (p) => p.variables,
        (n) => new Float64Array(n),
      ),
    };
  }

  async state(): Promise<EngineState> {
    const parts = await Promise.all(this.remotes.map((remote) => remote.ask({ kind: "state" })));
    return Object.fromEntries(
      Object.keys(parts[0]!).map((name) => [name, join(parts.map((part) => part[name]!))]),
    );
  }

  async restore(geometry: Geometry, state: EngineState): Promise<void> {
    const own = (values: Float64Array, chains: readonly number[]): Float64Array => {
      const size = values.length / this.chains;
      return values.slice(chains[0]! * size, (chains.at(-1)! + 1) * size);
    };
    await Promise.all(
      this.remotes.map((remote, i) =>
        remote.ask({
          kind: "restore",
          geometry,
          state: Object.fromEntries(
            Object.entries(state).map(([name, values]) => [name, own(values, this.shares[i]!)]),
          ),
        }),
      ),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.close()));
  }
}

/** Chains in `threads` runs of whole pairs, as even as pairs allow. */
export function spread(chains: readonly number[], threads: number): number[][] {
  const pairs = Math.ceil(chains.length / 2);
  return Array.from({ length: threads }, (_, i) =>
    chains.slice(2 * Math.floor((i * pairs) / threads), 2 * Math.floor(((i + 1) * pairs) / threads)),
  );
}

/** Joins [iterations][own chains][size] arrays to [iterations][chains][size]. */
function interleave<T extends Float64Array | Uint8Array>(
  parts: T[],
  iterations: number,
  make: (size: number) => T,
): T {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const out = make(total);
  const row = total / iterations;
  let offset = 0;
  parts.forEach((part) => {
    const width = part.length / iterations;
    for (let it = 0; it < iterations; it++)
      out.set(part.subarray(it * width, (it + 1) * width), it * row + offset);
    offset += width;
  });
  return out;
}

function join(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
