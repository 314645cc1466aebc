import { describe, it } from "vitest";
import { readRecord } from "../src/native/engine-record.ts";
import { nativeRuntime } from "../src/native/index.ts";
import { tensorSpec } from "./tensor-spec.ts";

const record = await readRecord("cpu");

if (typeof record === "string") {
  describe("tensor program, native", () => {
    it.skip(`needs 'bridgewise engine build' (${record})`, () => {});
  });
} else {
  for (const mode of ["compiled", "eager"] as const)
    tensorSpec(`native, ${mode}`, () => nativeRuntime({ engine: "native", mode }));
}
