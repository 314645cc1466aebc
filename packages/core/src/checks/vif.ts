import type { Design } from "../formula/design.ts";

/** Words of performance's `check_collinearity`. */
export type Collinearity = "low" | "moderate" | "high";

/** How much a term's coefficients' variance grows because the other terms share its information. */
export interface VarianceInflation {
  /** As R's `terms` labels it. */
  readonly term: string;
  /** The term's columns of the design matrix. */
  readonly columns: readonly string[];
  /** Generalised variance inflation factor; the VIF where the term has one column. */
  readonly gvif: number;
  readonly df: number;
  /** GVIF^(1 / (2 df)): comparable between terms; the factor by which a standard error grows. */
  readonly scaled: number;
  /** 1 / GVIF. */
  readonly tolerance: number;
  /** Of the GVIF: low below 5, moderate to 10, high above. */
  readonly collinearity: Collinearity;
}

/**
 * Variance inflation of each term of a design with independent columns (Fox & Monette 1992,
 * doi:10.1080/01621459.1992.10475190), as car's `vif` of a linear model with these terms: det(R_t) det(R_-t) / det(R), R the
 * correlations of the columns, or, without an intercept, of the columns about 0. A brms `Intercept` column counts as the intercept.
 * O(rows x columns^2).
 */
export function varianceInflation(
  { x, columns, termOf, intercept }: Pick<Design, "x" | "columns" | "termOf" | "intercept">,
  rows: number,
): VarianceInflation[] {
  const own = columns.indexOf("Intercept");
  const used = columns.flatMap((_, k) => (k === own && termOf[k] === "Intercept" ? [] : [k]));
  const correlations = correlationMatrix(x, rows, columns.length, used, intercept || own >= 0);
  const inverse = invert(correlations, used.length);
  return [...new Set(used.map((k) => termOf[k]!))].map((term) => {
    const at = used.flatMap((k, i) => (termOf[k] === term ? [i] : []));
    // det(R_-t) / det(R) is the determinant of the term's block of the inverse
    const product = determinant(correlations, used.length, at) * determinant(inverse, used.length, at);
    // nearly dependent columns, which rounding made dependent
    const gvif = Number.isFinite(product) ? product : Number.POSITIVE_INFINITY;
    return {
      term,
      columns: at.map((i) => columns[used[i]!]!),
      gvif,
      df: at.length,
      scaled: gvif ** (1 / (2 * at.length)),
      tolerance: 1 / gvif,
      collinearity: gvif < 5 ? "low" : gvif <= 10 ? "moderate" : "high",
    };
  });
}

/** [used x used] row-major. */
function correlationMatrix(
  x: Float64Array,
  rows: number,
  p: number,
  used: readonly number[],
  centred: boolean,
): Float64Array {
  const q = used.length;
  const vectors = used.map((k) => {
    const column = Float64Array.from({ length: rows }, (_, row) => x[row * p + k]!);
    const mean = centred ? column.reduce((sum, value) => sum + value, 0) / rows : 0;
    const away = column.map((value) => value - mean);
    const length = Math.sqrt(away.reduce((sum, value) => sum + value * value, 0));
    return away.map((value) => value / length);
  });
  const out = new Float64Array(q * q);
  for (let j = 0; j < q; j++)
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += vectors[j]![row]! * vectors[k]![row]!;
      out[j * q + k] = sum;
      out[k * q + j] = sum;
    }
  return out;
}

/** Lower Cholesky factor of the rows and columns `at` of a positive definite matrix. */
function cholesky(matrix: Float64Array, n: number, at: readonly number[]): Float64Array {
  const m = at.length;
  const factor = new Float64Array(m * m);
  for (let j = 0; j < m; j++)
    for (let k = 0; k <= j; k++) {
      let sum = matrix[at[j]! * n + at[k]!]!;
      for (let i = 0; i < k; i++) sum -= factor[j * m + i]! * factor[k * m + i]!;
      factor[j * m + k] = j === k ? Math.sqrt(sum) : sum / factor[k * m + k]!;
    }
  return factor;
}

function determinant(matrix: Float64Array, n: number, at: readonly number[]): number {
  const factor = cholesky(matrix, n, at);
  return at.reduce((product, _, k) => product * factor[k * at.length + k]! ** 2, 1);
}

/** Of a positive definite matrix. */
function invert(matrix: Float64Array, n: number): Float64Array {
  const all = Array.from({ length: n }, (_, k) => k);
  const factor = cholesky(matrix, n, all);
  // columns of the inverse factor by forward substitution; the inverse is its cross product
  const half = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let j = c; j < n; j++) {
      let sum = j === c ? 1 : 0;
      for (let i = c; i < j; i++) sum -= factor[j * n + i]! * half[i * n + c]!;
      half[j * n + c] = sum / factor[j * n + j]!;
    }
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++)
      for (let j = Math.max(a, b); j < n; j++) out[a * n + b]! += half[j * n + a]! * half[j * n + b]!;
  return out;
}
