import { cellError } from "../frame/cells.ts";
import { dropUnusedLevels, factorFromNumbers } from "../frame/factor.ts";
import type { Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { brmsName } from "./brms-name.ts";
import { type Coding, codeTerms } from "./coding.ts";
import { type Contrasts, contrastColumns, contrastOf, indicatorColumns } from "./contrasts.ts";
import { Evaluator, type Scale, truthFactor, type Value } from "./evaluate.ts";
import { namesIn } from "./expression.ts";
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
  /** What new rows need to get the same columns. */
  readonly basis: DesignBasis;
}

/** What a design learnt from its rows: R keeps it as `xlev` and `predvars`. */
export interface DesignBasis {
  /** Levels of each factor, by the variable's label. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** Means and standard deviations of each scale(), by its deparsed call. */
  readonly scales: ReadonlyMap<string, Scale>;
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
 *
 * `basis`: of the rows that a model was fitted to; new rows then get the same columns, and a level that those rows did not have is
 * an InputError.
 */
export function buildDesign(
  { terms, variables, intercept, ownIntercept }: LinearTerms,
  text: string,
  frame: Frame,
  contrasts: Contrasts = "treatment",
  basis?: DesignBasis,
): Design {
  const scales = new Map(basis?.scales);
  const evaluator = new Evaluator(text, frame, scales);
  const used = new Set(terms.flatMap((term) => term.variables));
  const values = variables.map((variable, v) => {
    if (!used.has(v)) return undefined;
    const levels = basis?.levels.get(variable.label);
    return basis === undefined
      ? evaluateVariable(evaluator, variable, text)
      : evaluateNew(evaluator, variable, frame, levels);
  });
  const levels = new Map(
    values.flatMap((value, v) =>
      value?.type === "factor" ? [[variables[v]!.label, value.levels] as const] : [],
    ),
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
    columns: uniqueNames(columns, text, intercept),
    labels: columns.map(({ label }) => label),
    factors: variables.filter((_, v) => values[v]?.type === "factor").map(({ label }) => label),
    termOf,
    x: interleave(columns, frame.rows),
    basis: { levels, scales },
  };
}

/** A variable on new rows: a factor where it was one, with the levels it had. */
function evaluateNew(
  evaluator: Evaluator,
  { label, expression }: Variable,
  frame: Frame,
  levels: readonly string[] | undefined,
): Value {
  const value = evaluator.evaluate(expression);
  const column = namesIn(expression).keys().next().value ?? label;
  if (levels === undefined) {
    if (value.type !== "factor") return value;
    const text = value.codes.findIndex((code) => Number.isNaN(Number(value.levels[code])));
    throw cellError(
      frame,
      Math.max(text, 0),
      column,
      `'${value.levels[value.codes[Math.max(text, 0)]!]}' is not a number; ${label} was numeric in the fit`,
    );
  }
  const factor =
    value.type === "factor"
      ? value
      : value.type === "logical"
        ? truthFactor(label, value.values)
        : factorFromNumbers(label, value.values);
  const codeOf = factor.levels.map((level) => levels.indexOf(level));
  const row = factor.codes.findIndex((code) => codeOf[code] === -1);
  if (row >= 0)
    throw cellError(
      frame,
      row,
      column,
      `'${factor.levels[factor.codes[row]!]}' is a level of ${label} that the fit did not see, so it has no coefficient; the levels are ${listNames(levels)}`,
    );
  return { type: "factor", name: label, levels, codes: factor.codes.map((code) => codeOf[code]!) };
}

/** `2,62`, `1,000`: a person means a number, and would get a coefficient for each. */
const WITH_COMMA = /^[-+]?\d+,\d+$/;

function evaluateVariable(evaluator: Evaluator, { label, expression }: Variable, text: string): Value {
  const value = evaluator.evaluate(expression);
  if (value.type === "numeric") return value;
  const factor = dropUnusedLevels(value.type === "factor" ? value : truthFactor(label, value.values));
  if (expression.kind === "name" && factor.levels.every((level) => WITH_COMMA.test(level)))
    throw formulaError(
      text,
      expression.position,
      `'${label}' holds numbers with commas ('${factor.levels[0]}'), which are texts here; write them as 2.62 or 1000, or say factor(${label})`,
    );
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

function uniqueNames(columns: readonly DesignColumn[], text: string, intercept: boolean): string[] {
  const labels = new Map<string, string>();
  for (const { label } of columns) {
    const name = brmsName(label);
    if (intercept && name === "Intercept")
      throw formulaError(
        text,
        1,
        `'${label}' would be called 'Intercept', as the intercept is; rename the column (--rename NEW=${label})`,
      );
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
