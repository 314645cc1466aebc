import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/csv/index.ts";
import { brmsName, buildDesign, type Contrasts, formulaTerms } from "../../src/formula/index.ts";
import { expectClose, MATRICES } from "./matrices-fixture.ts";

const file = new URL("../../../../fixtures/model-matrix/data.csv", import.meta.url);
const frame = parseCsv(readFileSync(file), { source: "data.csv" });

function check(contrasts: Contrasts) {
  return ({ right, names, brms, columns }: (typeof MATRICES.fixed)[number]): void => {
    const text = `y ~ ${right}`;
    const design = buildDesign(formulaTerms(text), text, frame, contrasts);
    expect(design.labels).toEqual(names);
    expect(design.columns).toEqual(brms);
    expect(design.labels.map(brmsName)).toEqual(brms);
    const p = columns.length;
    expect(design.x.length).toBe(p * frame.rows);
    columns.forEach((column, k) => {
      expectClose(
        column.map((_, row) => design.x[row * p + k]!),
        column,
        `${right}: ${brms[k]}`,
      );
    });
  };
}

describe("design matrices are R's model.matrix, names are R's and brms's", () => {
  test.each(MATRICES.fixed)("treatment contrasts: ~ $right", check("treatment"));
  test.each(MATRICES.sum)("sum contrasts: ~ $right", check("sum"));
});
