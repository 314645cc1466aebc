import { buildDesign, type DesignBasis } from "../formula/design.ts";
import { Evaluator } from "../formula/evaluate.ts";
import type { Contrasts, FormulaTerms } from "../formula/index.ts";
import type { Frame } from "../frame/frame.ts";
import { selectRows } from "../frame/select.ts";
import { offsetValues } from "../model/build-model.ts";
import { type DeclaredLevels, declareLevels } from "../model/declared-levels.ts";
import { effectColumns } from "../model/group-terms.ts";
import type { GroupTerm, Model } from "../model/model.ts";

/** A model and what it was built from. */
export interface FittedModel {
  readonly model: Model;
  readonly terms: FormulaTerms;
  /** The data, of which `kept` are the model's rows. */
  readonly frame: Frame;
  readonly kept: Int32Array;
  /** How factors are coded, and the order of text columns' levels, as the model was built with. */
  readonly contrasts?: Contrasts;
  readonly levels?: DeclaredLevels;
}

/** The columns of a model on some rows. */
export interface DesignedRows {
  /** [rows x predictors] */
  readonly x: Float64Array;
  /** [rows] */
  readonly offset?: Float64Array;
  /** [groups of the model] [rows x coefficients] of those with slopes. */
  readonly z: readonly (Float64Array | undefined)[];
}

/** The model's own rows of its data. */
export const fittedFrame = ({ frame, kept, levels = {} }: FittedModel): Frame =>
  selectRows(declareLevels(frame, levels), kept);

/** Levels of factors, and means and sds of scale(), on the model's own rows, wherever the formula has them. */
export function modelBasis(fitted: FittedModel): DesignBasis {
  const { terms, contrasts } = fitted;
  const frame = fittedFrame(fitted);
  const scales = new Map<string, { readonly mean: number; readonly sd: number }>();
  offsetValues(terms, frame, scales);
  const levels = new Map<string, readonly string[]>();
  for (const linear of [terms, ...terms.groups.map(({ effects }) => effects)]) {
    const { basis } = buildDesign(linear, terms.text, frame, contrasts);
    for (const [label, own] of basis.levels) levels.set(label, own);
    for (const [label, scale] of basis.scales) scales.set(label, scale);
  }
  return { levels, scales };
}

/** A model's columns on a frame without missing values. `groups`: those whose slopes are wanted. */
export function designRows(
  { model, terms, contrasts }: FittedModel,
  frame: Frame,
  basis: DesignBasis,
  groups: readonly GroupTerm[],
): DesignedRows {
  const { x } = buildDesign(terms, terms.text, frame, contrasts, basis);
  const offset = offsetValues(terms, frame, new Map(basis.scales));
  const z = model.groups.map((group, g) => {
    if (group.z === undefined || !groups.includes(group)) return undefined;
    const design = buildDesign(terms.groups[g]!.effects, terms.text, frame, contrasts, basis);
    return effectColumns(design, frame.rows).z;
  });
  return { x, ...(offset && { offset }), z };
}

/** [rows] trials of a binomial response on a frame; undefined for another family. */
export function trialsOf({ text, trials }: FormulaTerms, frame: Frame): Float64Array | undefined {
  return trials && new Evaluator(text, frame).numbers(trials, "trials()");
}
