import { dropUnusedLevels } from "../frame/factor.ts";
import type { Frame } from "../frame/frame.ts";
import { brmsName } from "./brms-name.ts";
import { type Coding, codeTerms } from "./coding.ts";
import { type Contrasts, contrastColumns, contrastOf, indicatorColumns } from "./contrasts.ts";
import { Evaluator, truthFactor, type Value } from "./evaluate.ts";
import { formulaError } from "./formula-error.ts";
import type { LinearTerms, Variable } from "./linear-terms.ts";

/** The fixed effects of a formula on a frame, or the effects that vary between the levels of a group. */
export interface Design {
  readonly intercept: boolean;
  /** brms's names of the columns, without the intercept. */
  readonly columns: readonly string[];
  /** R's names of the columns: `I(x^2)` where brms writes `IxE2`. */
  readonly labels: readonly string[];
  /** Labels of the variables that are factors. */
  readonly factors: readonly string[];
  /** [columns] label of the term that each column belongs to. */
  readonly termOf: readonly string[];
  /** [rows x columns], row-major, uncentred. */
  readonly x: Float64Array;
}

interface DesignColumn {
  /** As R's `model.matrix` names it. */
  readonly label: string;
  /** [rows] */
  readonly values: Float64Array;
}

/**
 * The design matrix of R's `model.matrix` without the intercept column, its names spelled as brms does. `text`: the whole formula.
 * The frame has no missing values. A factor with one level is an InputError.
 */
export function buildDesign(
  { terms, variables, intercept, ownIntercept }: LinearTerms,
  text: string,
  frame: Frame,
  contrasts: Contrasts = "treatment",
): Design {
  const evaluator = new Evaluator(text, frame);
  const used = new Set(terms.flatMap((term) => term.variables));
  const values = variables.map((variable, v) =>
    used.has(v) ? evaluateVariable(evaluator, variable, text) : undefined,
  );
  const codings = codeTerms(terms, (v) => values[v]!.type === "factor", intercept || ownIntercept);
  const columns: DesignColumn[] = [];
  const termOf: string[] = [];
  if (ownIntercept) {
    columns.push({ label: "Intercept", values: new Float64Array(frame.rows).fill(1) });
    termOf.push("Intercept");
  }
  terms.forEach((term, t) => {
    const parts = term.variables.map((v, k) =>
      codeVariable(variables[v]!.label, values[v]!, codings[t]![k]!, contrasts),
    );
    for (const column of parts.reduce(crossColumns)) {
      columns.push(column);
      termOf.push(term.label);
    }
  });
  return {
    intercept,
    columns: uniqueNames(columns, text),
    labels: columns.map(({ label }) => label),
    factors: variables.filter((_, v) => values[v]?.type === "factor").map(({ label }) => label),
    termOf,
    x: interleave(columns, frame.rows),
  };
}

function evaluateVariable(evaluator: Evaluator, { label, expression }: Variable, text: string): Value {
  const value = evaluator.evaluate(expression);
  if (value.type === "numeric") return value;
  const factor = dropUnusedLevels(value.type === "factor" ? value : truthFactor(label, value.values));
  if (factor.levels.length < 2)
    throw formulaError(
      text,
      expression.position,
      `the factor '${label}' has one level in the rows used ('${factor.levels[0]}'); leave it out`,
    );
  return factor;
}

function codeVariable(label: string, value: Value, coding: Coding, contrasts: Contrasts): DesignColumn[] {
  if (value.type !== "factor") return [{ label, values: value.values }];
  const columns =
    coding === "full"
      ? indicatorColumns(value.levels)
      : contrastColumns(contrastOf(contrasts, label), value.levels);
  return columns.map((column) => ({
    label: `${label}${column.suffix}`,
    values: Float64Array.from(value.codes, column.value),
  }));
}

/** All products of a column of `a` and one of `b`; those of `a` change fastest, as in R. */
function crossColumns(a: readonly DesignColumn[], b: readonly DesignColumn[]): DesignColumn[] {
  return b.flatMap((right) =>
    a.map((left) => ({
      label: `${left.label}:${right.label}`,
      values: left.values.map((value, row) => value * right.values[row]!),
    })),
  );
}

function uniqueNames(columns: readonly DesignColumn[], text: string): string[] {
  const labels = new Map<string, string>();
  for (const { label } of columns) {
    const name = brmsName(label);
    const other = labels.get(name);
    if (other !== undefined)
      throw formulaError(
        text,
        1,
        `'${other}' and '${label}' would both be called '${name}'; rename one of them`,
      );
    labels.set(name, label);
  }
  return [...labels.keys()];
}

function interleave(columns: readonly DesignColumn[], rows: number): Float64Array {
  const p = columns.length;
  const x = new Float64Array(rows * p);
  columns.forEach(({ values }, k) => {
    for (let row = 0; row < rows; row++) x[row * p + k] = values[row]!;
  });
  return x;
}
