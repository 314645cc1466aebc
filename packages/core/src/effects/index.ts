export { type AverageEffect, averageEffects, type EffectOptions } from "./average-effects.ts";
export { type ComparisonOptions, effectColumns } from "./scenarios.ts";
