import { variance } from "../posterior/moments.ts";

/** A sum over observations and its standard error. */
export interface Estimate {
  readonly estimate: number;
  readonly se: number;
}

/** Sum of pointwise values [rows] and sqrt(rows x their variance) (Vehtari, Gelman & Gabry 2017, doi:10.1007/s11222-016-9696-4); se is NaN for one row. */
export function sumOf(pointwise: Float64Array): Estimate {
  let estimate = 0;
  for (const value of pointwise) estimate += value;
  return { estimate, se: Math.sqrt(pointwise.length * variance(pointwise)) };
}
