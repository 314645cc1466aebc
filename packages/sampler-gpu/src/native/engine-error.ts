/** What is missing on this machine for an engine, in one line with the way out. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** Where to go when an engine cannot be had. */
export const ELSE_SIMD = "every fit runs without it, on --engine simd";
