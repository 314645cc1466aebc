import type { GroupTerm, Model } from "../model/model.ts";
import { corNames, sdNames } from "../model/variables.ts";
import { type DrawColumns, LinearPredictor, requireColumn } from "../predict/linear-predictor.ts";
import { RowMoments } from "./row-moments.ts";

/** Variance of the standard logistic distribution: the residual on the latent scale of a logit link. */
const LOGISTIC_VARIANCE = Math.PI ** 2 / 3;

/** Variances on the scale of the linear predictor, [draws] each. */
export interface VarianceParts {
  /** Over the rows, of the fixed effects' part of the predictor (offsets left out). */
  readonly fixed: Float64Array;
  /** By group: the mean over the rows of z' Sigma z, sd^2 where the intercept alone varies (Johnson 2014, doi:10.1111/2041-210X.12225). */
  readonly groups: ReadonlyMap<string, Float64Array>;
  /** sigma^2; pi^2 / 3 for a logit link; sigma^2 nu / (nu - 2) for student_t. */
  readonly residual: Float64Array;
  /** What `residual` is. */
  readonly scale: "response" | "latent (logistic, pi^2 / 3)";
}

/** Shares of the variance, [draws] each. */
export interface VarianceShares {
  /** fixed / total. */
  readonly r2Marginal: Float64Array;
  /** (fixed + groups) / total. */
  readonly r2Conditional: Float64Array;
  /** groups / (groups + residual); absent without groups, as the next. */
  readonly iccAdjusted?: Float64Array;
  /** groups / total. */
  readonly iccUnadjusted?: Float64Array;
  /** Each group / (groups + residual). */
  readonly byGroup: ReadonlyMap<string, Float64Array>;
}

/**
 * The variances that R2 and ICC of mixed models are made of, in every draw. undefined for the beta family, whose residual has no
 * single variance on the latent scale.
 */
export function varianceParts(
  model: Model,
  columns: DrawColumns,
  onRow?: () => void,
): VarianceParts | undefined {
  if (model.family === "beta") return undefined;
  const { offset: _, ...rows } = model;
  const predictor = new LinearPredictor(model, columns, rows, []);
  const { draws, aux } = predictor;
  const fixed = new RowMoments(draws);
  const eta = new Float64Array(draws);
  for (let row = 0; row < model.rows; row++) {
    predictor.row(row, eta);
    fixed.add(eta);
    onRow?.();
  }
  const groups = new Map(
    model.groups.map((group) => [group.name, groupVariance(group, columns, model.rows)] as const),
  );
  const onResponse = model.family === "gaussian" || model.family === "student_t";
  const residual = Float64Array.from(aux, ([sigma, nu]) => {
    if (!onResponse) return LOGISTIC_VARIANCE;
    const variance = sigma! ** 2;
    if (model.family === "gaussian") return variance;
    return nu! > 2 ? (variance * nu!) / (nu! - 2) : Number.POSITIVE_INFINITY;
  });
  return {
    fixed: fixed.variance(),
    groups,
    residual,
    scale: onResponse ? "response" : "latent (logistic, pi^2 / 3)",
  };
}

/**
 * R2 of Nakagawa, Johnson & Schielzeth (2017, doi:10.1098/rsif.2017.0213) and the intraclass correlations, draw by draw: what
 * `performance::r2_nakagawa`, `icc` and `icc(by_group = TRUE)` compute at point estimates.
 */
export function varianceShares({ fixed, groups, residual }: VarianceParts): VarianceShares {
  const random = new Float64Array(fixed.length);
  for (const values of groups.values()) for (let s = 0; s < random.length; s++) random[s]! += values[s]!;
  const share = (part: (s: number) => number, whole: (s: number) => number): Float64Array =>
    fixed.map((_, s) => part(s) / whole(s));
  const total = (s: number): number => fixed[s]! + random[s]! + residual[s]!;
  const unexplained = (s: number): number => random[s]! + residual[s]!;
  return {
    r2Marginal: share((s) => fixed[s]!, total),
    r2Conditional: share((s) => fixed[s]! + random[s]!, total),
    ...(groups.size > 0 && {
      iccAdjusted: share((s) => random[s]!, unexplained),
      iccUnadjusted: share((s) => random[s]!, total),
    }),
    byGroup: new Map(
      Array.from(groups, ([name, values]) => [name, share((s) => values[s]!, unexplained)] as const),
    ),
  };
}

/** [draws] mean over the rows of z' diag(sd) R diag(sd) z = sum_jk mean(z_j z_k) sd_j sd_k R_jk. */
function groupVariance(group: GroupTerm, columns: DrawColumns, rows: number): Float64Array {
  const q = group.coefficients.length;
  const moments = new Float64Array(q * q);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < q; j++)
      for (let k = 0; k < q; k++)
        moments[j * q + k]! += (group.z ? group.z[row * q + j]! * group.z[row * q + k]! : 1) / rows;
  const need = (name: string): Float64Array => requireColumn(columns, name);
  const sd = sdNames(group).map(need);
  const cor = corNames(group).map(need);
  return Float64Array.from({ length: columns.draws }, (_, s) => {
    let variance = 0;
    for (let j = 0; j < q; j++) {
      variance += moments[j * q + j]! * sd[j]![s]! ** 2;
      for (let k = 0; k < j && cor.length > 0; k++)
        variance += 2 * moments[j * q + k]! * sd[j]![s]! * sd[k]![s]! * cor[(j * (j - 1)) / 2 + k]![s]!;
    }
    return variance;
  });
}
