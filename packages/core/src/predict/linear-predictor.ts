import { familyOf } from "../family/index.ts";
import { InputError } from "../input-error.ts";
import type { GroupTerm, Model } from "../model/model.ts";
import { effectNames, interceptNames, thresholdCount } from "../model/variables.ts";

/** Posterior draws by name, chains one after the other. */
export interface DrawColumns {
  /** Draws of all chains together. */
  readonly draws: number;
  /** [draws] of a variable, or undefined where it was not kept. */
  column(name: string): Float64Array | undefined;
}

/** The rows to predict: the model's own, or new ones with the same columns. */
export interface PredictorRows {
  readonly rows: number;
  /** [rows x predictors] row-major, not centred. */
  readonly x: Float64Array;
  /** [rows] */
  readonly offset?: Float64Array;
  /** [groups] in the model's order; an index of -1 is a level without effects. */
  readonly groups: readonly { readonly index: Int32Array; readonly z?: Float64Array }[];
}

/** Draws of a variable; where they were not kept, an InputError that says what to do. */
export function requireColumn(columns: DrawColumns, name: string): Float64Array {
  const found = columns.column(name);
  if (found !== undefined) return found;
  throw new InputError(
    name.startsWith("r_")
      ? `the draws hold no '${name}': fit again with --effects all, which keeps every group's effects`
      : `the draws hold no '${name}': they are not this model's`,
    { file: "draws" },
  );
}

/** The variables that the linear predictor and the family of a model need. */
export function predictorVariables(model: Model, groups: readonly GroupTerm[] = model.groups): string[] {
  return [
    ...interceptNames(model),
    ...model.predictors.map((name) => `b_${name}`),
    ...familyOf(model.family).parameters,
    ...groups.flatMap(effectNames),
  ];
}

/**
 * The linear predictor of each row in every draw, row by row, so that memory does not grow with rows x draws:
 * eta = [b_Intercept] + x b + offset + group effects (brms's `posterior_linpred`).
 */
export class LinearPredictor {
  readonly draws: number;
  /** [draws] each the family's parameters in that draw: those of its definition, then a cumulative model's thresholds. */
  readonly aux: readonly Float64Array[];
  private readonly rows: PredictorRows;
  private readonly intercept: Float64Array | undefined;
  private readonly b: readonly Float64Array[];
  /** [groups kept] with effects [coefficients][levels][draws]. */
  private readonly groups: readonly {
    readonly index: Int32Array;
    readonly z: Float64Array | undefined;
    readonly effects: readonly (readonly Float64Array[])[];
  }[];

  /**
   * `groups`: those whose effects count, default all (brms's `re_formula`: none for NA). A variable that was not kept is an
   * InputError.
   */
  constructor(
    model: Model,
    columns: DrawColumns,
    rows: PredictorRows = model,
    groups: readonly GroupTerm[] = model.groups,
  ) {
    const column = (name: string): Float64Array => requireColumn(columns, name);
    this.draws = columns.draws;
    this.rows = rows;
    const thresholds = thresholdCount(model);
    this.intercept = thresholds === 0 && model.intercept ? column("b_Intercept") : undefined;
    this.b = model.predictors.map((name) => column(`b_${name}`));
    const { parameters } = familyOf(model.family);
    const own = [...parameters, ...(thresholds > 0 ? interceptNames(model) : [])].map(column);
    this.aux = Array.from({ length: this.draws }, (_, s) => Float64Array.from(own, (values) => values[s]!));
    this.groups = groups.map((group) => {
      const { index, z } = rows.groups[model.groups.indexOf(group)]!;
      const levels = group.levels.length;
      const all = effectNames(group).map(column);
      return {
        index,
        z,
        effects: group.coefficients.map((_, k) => all.slice(k * levels, (k + 1) * levels)),
      };
    });
  }

  /** eta of a row into out [draws]. */
  row(row: number, out: Float64Array): void {
    const { draws, intercept, b, rows } = this;
    const start = rows.offset?.[row] ?? 0;
    if (intercept === undefined) out.fill(start);
    else for (let s = 0; s < draws; s++) out[s] = start + intercept[s]!;
    b.forEach((values, k) => {
      addProduct(out, rows.x[row * b.length + k]!, values);
    });
    for (const { index, z, effects } of this.groups) {
      const level = index[row]!;
      if (level < 0) continue;
      effects.forEach((levels, k) => {
        addProduct(out, z === undefined ? 1 : z[row * effects.length + k]!, levels[level]!);
      });
    }
  }
}

function addProduct(out: Float64Array, factor: number, values: Float64Array): void {
  if (factor === 0) return;
  for (let s = 0; s < out.length; s++) out[s]! += factor * values[s]!;
}
