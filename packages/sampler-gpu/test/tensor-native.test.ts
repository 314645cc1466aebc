import { describe, it } from "vitest";
import { readRecord } from "../src/native/engine-record.ts";
import { buildEngine, nativeRuntime } from "../src/native/index.ts";
import { tensorSpec } from "./tensor-spec.ts";

// on a developer's machine the spec runs where the engine is built; CI builds it
if (process.env["CI"] && typeof (await readRecord("cpu")) === "string") await buildEngine();
const record = await readRecord("cpu");

if (typeof record === "string") {
  describe("tensor program, native", () => {
    it.skip(`needs 'bridgewise engine build' (${record})`, () => {});
  });
} else {
  for (const mode of ["compiled", "eager"] as const)
    tensorSpec(`native, ${mode}`, () => nativeRuntime({ engine: "native", mode }));
}
