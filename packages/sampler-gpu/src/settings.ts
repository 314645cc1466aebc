import type { EngineName } from "./engine.ts";

/** Of the latent density's positions and gradients on the embedded engine; what decides over acceptance is summed in float64 in both. */
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
  /** Default float64. */
  readonly precision: Precision;
  /** Default transport. */
  readonly parametrisation: Parametrisation;
}

/** What this version can run. */
const AVAILABLE: { readonly [K in keyof EngineSettings]: readonly EngineSettings[K][] } = {
  engine: ["simd"],
  precision: PRECISIONS,
  parametrisation: PARAMETRISATIONS,
};

/** Settings with their defaults; RangeError for one that this version cannot run. */
export function engineSettings({
  engine = "simd",
  precision = "float64",
  parametrisation = "transport",
}: Partial<EngineSettings>): EngineSettings {
  const settings: EngineSettings = { engine, precision, parametrisation };
  for (const key of Object.keys(AVAILABLE) as (keyof EngineSettings)[]) {
    const there: readonly string[] = AVAILABLE[key];
    if (!there.includes(settings[key]))
      throw new RangeError(`${key} '${settings[key]}' is not in this version: use ${there.join(" or ")}`);
  }
  return settings;
}
