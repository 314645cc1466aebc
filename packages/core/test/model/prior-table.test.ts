import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/csv/index.ts";
import { type Family, type FamilyAlias, familyNamed } from "../../src/family/index.ts";
import { buildModel, describePriors, type PriorRow, priorTable } from "../../src/model/index.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url));
const frame = parseCsv(fixture("model-matrix/data.csv"), { source: "data.csv" });
const { tables } = JSON.parse(fixture("priors/tables.json").toString()) as {
  readonly tables: readonly {
    readonly formula: string;
    readonly family: Family | FamilyAlias;
    readonly statements: readonly string[];
    readonly rows: readonly PriorRow[];
  }[];
};

describe("the table of priors is brms's", () => {
  test.each(tables)("$formula, $family, $statements", ({ formula, family, statements, rows }) => {
    const { model } = buildModel({ formula, family: familyNamed(family), frame, priors: statements });
    expect(priorTable(model, statements)).toEqual(rows);
  });

  test("and the model has the priors of its most specific rows", () => {
    for (const { formula, family, statements } of tables) {
      const { model } = buildModel({ formula, family: familyNamed(family), frame, priors: statements });
      const rows = priorTable(model, statements);
      const row = (name: string, coef: string, group: string): string | undefined =>
        rows.find((r) => r.class === name && r.coef === coef && r.group === group)?.prior;
      const described = describePriors(model);
      for (const { name, coefficients, correlated } of model.groups) {
        for (const coef of coefficients) expect(described[`sd_${name}__${coef}`]).toBe(row("sd", coef, name));
        if (correlated) expect(described[`cor_${name}`]).toBe(row("cor", "", name));
      }
      for (const coef of model.predictors)
        expect(described[`b_${coef}`]?.replace("flat()", "(flat)")).toBe(row("b", coef, ""));
      for (const name of ["sigma", "nu", "phi", "Intercept"])
        if (described[name] !== undefined) expect(described[name]).toBe(row(name, "", ""));
      model.categories?.slice(1).forEach((_, k) => {
        expect(described[`Intercept[${k + 1}]`]).toBe(row("Intercept", String(k + 1), ""));
      });
    }
  });
});
