import { ENGINES, type EngineName } from "./engine.ts";

/** Of the latent density's positions and gradients; what decides over acceptance is summed in float64 in both. */
export const PRECISIONS = ["float64", "float32"] as const;
export type Precision = (typeof PRECISIONS)[number];

/**
 * How group effects are written. All three have the same posterior: `transport` (by their conditional given the globals) is what is used;
 * `noncentred` (u = tau w) and `centred` (by their conditional at one fixed tau) are its tests.
 */
export const PARAMETRISATIONS = ["transport", "noncentred", "centred"] as const;
export type Parametrisation = (typeof PARAMETRISATIONS)[number];

/** What the driver hands through to the engine's maker unread. The same settings and seed give the same draws. */
export interface EngineSettings {
  /** Default simd. */
  readonly engine: EngineName;
  /** Default float64 on simd; the tensor program's engines have float32 only. */
  readonly precision: Precision;
  /** Default transport. */
  readonly parametrisation: Parametrisation;
}

/** Settings with their defaults; RangeError for one that does not exist, or that the engine does not have. */
export function engineSettings({
  engine = "simd",
  precision = engine === "simd" ? "float64" : "float32",
  parametrisation = "transport",
}: Partial<EngineSettings>): EngineSettings {
  oneOf("engine", engine, ENGINES);
  oneOf("precision", precision, PRECISIONS);
  oneOf("parametrisation", parametrisation, PARAMETRISATIONS);
  if (engine !== "simd" && precision !== "float32")
    throw new RangeError(`engine '${engine}' computes in float32: leave precision out, or use engine simd`);
  if (engine !== "simd" && parametrisation === "centred")
    throw new RangeError(`engine '${engine}' has no centred parametrisation: use engine simd for it`);
  return { engine, precision, parametrisation };
}

function oneOf(name: string, value: string, there: readonly string[]): void {
  if (!there.includes(value))
    throw new RangeError(`${name} '${value}' does not exist: use ${there.join(", ")}`);
}
