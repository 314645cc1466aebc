import { cpus, totalmem } from "node:os";
import { buildModel, frameFromArrays } from "@bridgewise/core";
import type { EngineSettings, Precision } from "@bridgewise/sampler-gpu";
import type { EngineStatus } from "@bridgewise/sampler-gpu/native";

export interface EngineReport extends EngineStatus {
  readonly engine: EngineSettings["engine"];
  readonly precision: Precision | null;
}

/** Seconds of each engine's speed test. */
const SECONDS = 1;

/** Looks at every engine in turn, so that none slows another. */
export async function examineEngines(): Promise<EngineReport[]> {
  const { engineStatus } = await import("@bridgewise/sampler-gpu/native");
  return [
    { engine: "simd", precision: "float64", ...(await simd("float64")) },
    { engine: "simd", precision: "float32", ...(await simd("float32")) },
    { engine: "wasm", precision: null, ...(await wasm()) },
    { engine: "native", precision: null, ...(await engineStatus("native", SECONDS)) },
    { engine: "cuda", precision: null, ...(await engineStatus("cuda", SECONDS)) },
  ];
}

const here = (versions: Record<string, string>, gradientsPerSecond: number | null): EngineStatus => ({
  usable: true,
  why: null,
  remedy: null,
  versions,
  device: cpus()[0]?.model ?? "CPU",
  memory: totalmem(),
  gradientsPerSecond,
});

async function simd(precision: Precision): Promise<EngineStatus> {
  return here({ node: process.version.slice(1) }, await simdSpeed(precision));
}

async function wasm(): Promise<EngineStatus> {
  const { unusable, wasmSpeed } = await import("@bridgewise/sampler-gpu/native");
  try {
    const { version, gradientsPerSecond } = await wasmSpeed(SECONDS);
    return here({ "tfjs-wasm": version }, gradientsPerSecond);
  } catch (error) {
    return unusable((error as Error).message, "use a Node with WebAssembly SIMD");
  }
}

/** From short fits of a fixed model by the public API, on one thread; the second is as long as the first one says. */
async function simdSpeed(precision: Precision): Promise<number> {
  const { SPEED } = await import("@bridgewise/sampler-gpu/native");
  const { sample } = await import("@bridgewise/sampler-gpu");
  const names = Array.from({ length: 8 }, (_, k) => `x${k}`);
  const column = <A>(of: (i: number) => A): A[] => Array.from({ length: SPEED.rows }, (_, i) => of(i));
  const frame = frameFromArrays({
    y: column((i) => (Math.sin(i * i) > 0 ? 1 : 0)),
    ...Object.fromEntries(names.map((name, k) => [name, column((i) => Math.sin((i * 8 + k + 1) ** 2))])),
    g: column((i) => `g${i % 500}`),
  });
  const formula = `y ~ ${names.join(" + ")} + (1 | g)`;
  const { model } = buildModel({ formula, family: "bernoulli", frame });
  const run = async (draws: number): Promise<{ seconds: number; speed: number }> => {
    const fit = await sample(model, { chains: SPEED.chains, warmup: 20, draws, precision });
    const seconds = fit.seconds.sampling;
    return { seconds, speed: (fit.gradientsPerDraw * draws * SPEED.chains) / seconds };
  };
  const { seconds } = await run(20);
  return (await run(Math.max(20, Math.ceil((20 * SECONDS) / seconds)))).speed;
}
