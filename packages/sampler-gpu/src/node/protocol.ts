import type { EngineState, Geometry, TransitionResult, Transitions } from "../engine.ts";
import type { Plan } from "../plan.ts";
import type { Seed } from "../random/philox.ts";

/** What the driver's thread asks of a worker: one request at a time, answered in order. */
export type Request =
  | { readonly kind: "create"; readonly plan: Plan; readonly chains: readonly number[]; readonly seed: Seed }
  | { readonly kind: "init" | "setGeometry"; readonly geometry: Geometry }
  | { readonly kind: "transitions"; readonly request: Transitions }
  | { readonly kind: "state" }
  | { readonly kind: "restore"; readonly geometry: Geometry; readonly state: EngineState };

export type Answer =
  | { readonly ok: true; readonly result?: TransitionResult | EngineState }
  | { readonly ok: false; readonly name: string; readonly message: string };
