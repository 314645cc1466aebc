import { describe, expect, it } from "vitest";
import { varianceInflation } from "../../src/checks/index.ts";
import { buildDesign, formulaTerms } from "../../src/formula/index.ts";
import { largestDifference, readJson, readTable } from "./fixture.ts";

interface Reference {
  readonly formula: string;
  readonly file: string;
  readonly term: string[];
  readonly gvif: number[];
  readonly df: number[];
  readonly scaled: number[];
  readonly performance: number[];
}

describe("variance inflation is car's", () => {
  it.each(readJson<Reference[]>("vif"))(
    "$formula",
    ({ formula, file, term, gvif, df, scaled, performance }) => {
      const frame = readTable(file === "vif.csv" ? "checks/vif.csv" : `data/${file}`);
      const found = varianceInflation(buildDesign(formulaTerms(formula), formula, frame), frame.rows);
      expect(found.map((row) => row.term)).toEqual(term);
      expect(found.map((row) => row.df)).toEqual(df);
      const ours = found.map((row) => row.gvif);
      expect(largestDifference(ours, gvif)).toBeLessThan(1e-10);
      expect(largestDifference(ours, performance)).toBeLessThan(1e-10);
      expect(
        largestDifference(
          found.map((row) => row.scaled),
          scaled,
        ),
      ).toBeLessThan(1e-10);
      expect(found.map((row) => row.collinearity)).toEqual(
        gvif.map((value) => (value < 5 ? "low" : value <= 10 ? "moderate" : "high")),
      );
    },
  );

  it("takes brms's Intercept column as the intercept", () => {
    const frame = readTable("data/kidiq.csv");
    const of = (formula: string) =>
      varianceInflation(buildDesign(formulaTerms(formula), formula, frame), frame.rows);
    expect(of("kid_score ~ 0 + Intercept + mom_hs + mom_iq")).toEqual(of("kid_score ~ mom_hs + mom_iq"));
  });
});
