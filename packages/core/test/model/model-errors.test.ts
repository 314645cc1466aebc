import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/csv/index.ts";
import type { Family } from "../../src/family/index.ts";
import { buildModel } from "../../src/model/index.ts";
import { messageOf } from "../frame/message-of.ts";

const RATINGS = `score,log_score,chosen,kind,model,user_id,t,late,broken,odd
50,3.9,1,a,m1,u1,TRUE,x,1,1
0,-1,0,b,m1,u1,FALSE,x,NaN,2
30,3.4,1,c,m1,u2,TRUE,x,3,-Inf

70,4.2,2,a,m1,u2,FALSE,3,4,4
`;

const error = (formula: string, family: Family = "gaussian", text = RATINGS): string =>
  messageOf(() => buildModel({ formula, family, frame: parseCsv(text, { source: "ratings.csv" }) }));

describe("columns", () => {
  test("that do not exist", () => {
    expect(error("score ~ log_scor + (1 | user_id)")).toBe(
      "formula, position 9: no column 'log_scor' in ratings.csv; did you mean 'log_score'? the columns are score, log_score, chosen, kind, model, user_id, t, late and 2 more: 'score ~ log_scor + (1 | user_id)'",
    );
    expect(error("score ~ 1 + (1 | user_id/conversation)")).toBe(
      "formula, position 26: no column 'conversation' in ratings.csv; the columns are score, log_score, chosen, kind, model, user_id, t, late and 2 more: 'score ~ 1 + (1 | user_id/conversation)'",
    );
  });

  test("called Intercept, where the model has one of its own", () => {
    const text = "y,Intercept,g\n1,2,a\n3,5,b\n4,1,a\n6,3,b\n";
    const taken = "formula, position 1: 'Intercept' would be called 'Intercept', as the intercept is; rename";
    expect(error("y ~ Intercept", "gaussian", text)).toContain(taken);
    expect(error("y ~ 1 + (Intercept | g)", "gaussian", text)).toContain(taken);
    expect(error("y ~ 0 + Intercept", "gaussian", text)).toContain(
      "in '0 + Intercept' that name is the intercept's, and ratings.csv has a column of it",
    );
    for (const formula of ["Intercept ~ y", "y ~ log(Intercept) + (0 + log(Intercept) | g)"])
      expect(() =>
        buildModel({ formula, family: "gaussian", frame: parseCsv(text, { source: "r" }) }),
      ).not.toThrow();
  });

  test("with cells that are not finite numbers, only where they are used", () => {
    expect(error("score ~ broken")).toBe(
      "ratings.csv, line 3, column 'broken': 'NaN' is not a finite number; mend the cell, or leave it empty to drop the row",
    );
    expect(error("score ~ 1 + (1 | odd)")).toBe(
      "ratings.csv, line 4, column 'odd': '-Inf' is not a finite number; mend the cell, or leave it empty to drop the row",
    );
    expect(() =>
      buildModel({
        formula: "score ~ 1",
        family: "gaussian",
        frame: parseCsv(RATINGS, { source: "r" }),
      }),
    ).not.toThrow();
  });

  test("functions outside their domain: line, column, value", () => {
    expect(error("log(score) ~ 1")).toBe(
      "ratings.csv, line 3, column 'score': log(0) is not a finite number; it needs numbers above 0: drop the row, or use log1p()",
    );
    expect(error("score ~ sqrt(log_score)")).toBe(
      "ratings.csv, line 3, column 'log_score': sqrt(-1) is not a finite number; it needs numbers of at least 0: drop the row",
    );
  });
});

describe("responses", () => {
  test.each<[string, Family, string]>([
    [
      "kind ~ 1",
      "gaussian",
      "ratings.csv, line 2, column 'kind': 'a' is not a number; the response of family gaussian is numeric",
    ],
    [
      "late ~ 1",
      "gaussian",
      "ratings.csv, line 2, column 'late': 'x' is not a number; the response of family gaussian is numeric (for two levels use family bernoulli)",
    ],
    [
      "t ~ 1",
      "gaussian",
      "formula, position 1: the response is TRUE or FALSE; use family bernoulli: 't ~ 1'",
    ],
    [
      "score > 3 ~ 1",
      "gaussian",
      "formula, position 7: the response is TRUE or FALSE; use family bernoulli: 'score > 3 ~ 1'",
    ],
    [
      "chosen ~ 1",
      "bernoulli",
      "ratings.csv, line 6, column 'chosen': '2'; a bernoulli response has 0 and 1, TRUE and FALSE, or two levels: compare it (chosen > 50), or use family gaussian",
    ],
    [
      "log(chosen + 1) ~ 1",
      "bernoulli",
      "ratings.csv, line 2, column 'chosen': log(chosen + 1) is 0.6931471805599453 at '1'; a bernoulli response has 0 and 1, TRUE and FALSE, or two levels: compare it (chosen > 50), or use family gaussian",
    ],
    [
      "kind ~ 1",
      "bernoulli",
      `ratings.csv, line 4, column 'kind': 'c' is a third level (a, b, c); a bernoulli response has 0 and 1, TRUE and FALSE, or two levels: compare it (kind == "c")`,
    ],
    [
      "model ~ 1",
      "bernoulli",
      "formula, position 1: the response has one level in the rows used ('m1'); it needs two: 'model ~ 1'",
    ],
    [
      "I(score * 0) ~ 1",
      "gaussian",
      "formula, position 1: the response is 0 in every row used, so there is nothing to explain: 'I(score * 0) ~ 1'",
    ],
  ])("%s, %s", (formula, family, message) => {
    expect(error(formula, family)).toBe(message);
  });
});

describe("factors, groups and rows", () => {
  test("one level", () => {
    expect(error("score ~ model")).toBe(
      "formula, position 9: the factor 'model' has one level in the rows used ('m1'); leave it out: 'score ~ model'",
    );
    expect(error("score ~ 1 + (1 | model)")).toBe(
      "formula, position 18: the group 'model' has one level in the rows used ('m1'); leave it out: 'score ~ 1 + (1 | model)'",
    );
  });

  test("two nested levels of one name", () => {
    expect(error("y ~ (1 | a:b)", "gaussian", "y,a,b\n1,p_q,r\n2,p,q_r\n")).toBe(
      "ratings.csv: two levels of the group 'a:b' would both be called 'p_q_r'; rename a level that contains '_', or '.' where another has a blank",
    );
  });

  test("too few rows", () => {
    expect(error("y ~ x", "gaussian", "y,x\n1,\n2,3\nNA,NA\n4,\n")).toBe(
      "ratings.csv: 1 of 4 rows have all columns that the formula uses (missing cells: y: 1, x: 3); a model needs 2 at least",
    );
    expect(error("y ~ 1", "gaussian", "y\n1\n")).toBe(
      "ratings.csv: 1 of 1 rows remain; a model needs 2 at least",
    );
  });

  test("nothing to estimate", () => {
    expect(error("score ~ 0")).toBe(
      "formula, position 1: there is nothing to estimate; add a term or an intercept: 'score ~ 0'",
    );
  });
});

describe("predictors that the data cannot tell apart", () => {
  const rows = [
    [1, 2.5, 7, 0.1, 0],
    [2, 0.5, 7, 0.1, 0],
    [3, 1.5, 7, 0.1, 0],
    [5, 9.5, 7, 0.1, 0],
    [4, 3.5, 7, 0.1, 0],
    [8, 6.5, 7, 0.1, 0],
  ] as const;
  const text = `y,x,z,c,tenth,none,sum,stamp,g,h\n${rows
    .map(([x, z, c, tenth, none], i) =>
      [i ** 2, x, z, c, tenth, none, 2 * x - z + 3, 1.7e12 + x, "abcabc"[i], "pqrpqr"[i]].join(","),
    )
    .join("\n")}\n`;
  const collinear = (right: string): string => error(`y ~ ${right}`, "gaussian", text);

  test.each([
    ["c + x", "formula: the predictor 'c' is 7 in every row used, as the intercept is; leave it out"],
    [
      "x + tenth",
      "formula: the predictor 'tenth' is 0.1 in every row used, as the intercept is; leave it out",
    ],
    ["0 + x + none", "formula: the predictor 'none' is 0 in every row used; leave it out"],
    [
      "x + z + sum",
      "formula: the predictor 'sum' is an exact linear combination of x, z; leave one of them out",
    ],
    [
      "sum + g + x + z",
      "formula: the predictor 'z' is an exact linear combination of sum, x; leave one of them out",
    ],
    ["g + h", "formula: the predictor 'hq' is an exact linear combination of gb; leave one of them out"],
    [
      "x + I(2 * x)",
      "formula: the predictor 'I2MUx' is an exact linear combination of x; leave one of them out",
    ],
  ])("%s", (right, message) => {
    expect(collinear(right)).toBe(message);
  });

  test("but a constant alone without an intercept, and times in milliseconds, are", () => {
    const frame = parseCsv(text, { source: "f" });
    for (const formula of ["y ~ 0 + c + x", "y ~ stamp + z", "y ~ x + I(x^2) + I(x^3)"])
      expect(() => buildModel({ formula, family: "gaussian", frame })).not.toThrow();
  });
});
