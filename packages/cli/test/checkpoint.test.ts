import { encodeCheckpoint } from "@bridgewise/sampler-gpu/node";
import { expect, test } from "vitest";
import { readCheckpoint } from "../src/pipeline/checkpoint.ts";
import { checkData, type FitSettings, hashOf } from "../src/pipeline/settings.ts";
import { version } from "../src/version.ts";

test.each([
  [
    { format: "bridgewise-fit/1", bridgewise: "9.9.9" },
    `run/checkpoint.bin: was written by bridgewise 9.9.9, this is ${version}, whose draws may differ; go on with that version, or begin anew with fit --force`,
  ],
  [{ format: "other" }, "run/checkpoint.bin: is a checkpoint of something else; begin anew with fit --force"],
])("a checkpoint of %o is refused", (content, message) => {
  expect(() => readCheckpoint(encodeCheckpoint(content), "run")).toThrow(message);
});

const settings: FitSettings = {
  formula: "y ~ x",
  family: "gaussian",
  priors: [],
  where: null,
  rename: [],
  chains: 4,
  warmup: 1000,
  draws: 1000,
  seed: 1,
  label: "a",
  engine: "simd",
  precision: "float64",
  parametrisation: "transport",
  data: { path: "../data.csv", sha256: "aa", simulated: null },
};

test("the hash is of what decides the draws, not of the label and the data's place", () => {
  const hash = hashOf(settings);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf({ ...settings, label: "b", data: { ...settings.data, path: "elsewhere.csv" } })).toBe(hash);
  const others: Partial<FitSettings>[] = [
    { formula: "y ~ z" },
    { family: "bernoulli" },
    { priors: ["b ~ normal(0, 1)"] },
    { where: ["x", "1"] },
    { rename: [["x", "z"]] },
    { chains: 3 },
    { warmup: 999 },
    { draws: 1001 },
    { seed: 2 },
    { precision: "float32" },
    { engine: "wasm" },
    { parametrisation: "centred" },
    { data: { ...settings.data, sha256: "bb" } },
    { data: { ...settings.data, simulated: "cc" } },
  ];
  const hashes = others.map((other) => hashOf({ ...settings, ...other }));
  expect(new Set([hash, ...hashes]).size).toBe(others.length + 1);
});

test("data that are not those of the fit are refused, with both hashes", () => {
  const file = { file: "d.csv", bytes: new Uint8Array(0), sha256: "bb" };
  expect(() => checkData(file, settings)).toThrow("d.csv: is not the data that this fit was begun with");
  expect(() => checkData({ ...file, sha256: "aa" }, settings)).not.toThrow();
});
