import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/csv/index.ts";
import { type Family, type FamilyAlias, familyNamed } from "../../src/family/index.ts";
import { buildModel } from "../../src/model/index.ts";
import { expectClose, MATRICES } from "../formula/matrices-fixture.ts";

const file = new URL("../../../../fixtures/model-matrix/data.csv", import.meta.url);
const frame = parseCsv(readFileSync(file), { source: "data.csv" });

describe("models are those that brms hands to Stan", () => {
  test.each(MATRICES.models)("$formula, $family", (brms) => {
    const { model } = buildModel({
      formula: brms.formula,
      family: familyNamed(brms.family as Family | FamilyAlias),
      frame,
    });
    const { rows, x, predictors } = model;
    const column = (values: ArrayLike<number>, width: number, k: number): number[] =>
      Array.from({ length: rows }, (_, row) => values[row * width + k]!);
    expectClose(model.y, brms.y, "y");

    // brms's X holds the intercept's column, but for thresholds
    const own = !model.intercept || brms.thresholds !== null;
    expect(own ? predictors : ["Intercept", ...predictors]).toEqual(brms.names);
    const columns = own ? brms.columns : brms.columns.slice(1);
    columns.forEach((reference, k) => {
      expectClose(column(x, predictors.length, k), reference, predictors[k]!);
    });

    // brms numbers groups by name, we by their place in the formula
    expect(model.groups.length).toBe(brms.groups.length);
    for (const reference of brms.groups) {
      const group = model.groups.find(
        ({ name, coefficients }) =>
          name === reference.group && coefficients.join() === reference.coefs.join(),
      )!;
      expect(group.correlated).toBe(reference.correlated);
      expect(group.coefficients).toEqual(reference.coefs);
      expect(Array.from(group.index, (level) => group.levels[level])).toEqual(
        reference.index.map((level) => reference.levels[level - 1]),
      );
      expect([...group.levels].sort()).toEqual([...reference.levels].sort());
      const width = group.coefficients.length;
      const z = group.z ?? new Float64Array(rows).fill(1);
      reference.z.forEach((values, k) => {
        expectClose(column(z, width, k), values, `${group.name}: ${group.coefficients[k]}`);
      });
    }

    expect(model.offset === undefined).toBe(brms.offset === null);
    if (brms.offset !== null) expectClose(model.offset!, brms.offset, "offset");
    expect(model.trials === undefined).toBe(brms.trials === null);
    if (brms.trials !== null) expectClose(model.trials!, brms.trials, "trials");
    expect(model.categories?.length).toBe(brms.thresholds === null ? undefined : brms.thresholds + 1);
  });
});
