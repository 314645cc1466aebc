/** A univariate prior. Parameters that must be positive (sd, sigma) take its positive half. */
export type Prior =
  | { readonly kind: "flat" }
  | { readonly kind: "normal"; readonly mean: number; readonly sd: number }
  | { readonly kind: "student_t"; readonly df: number; readonly location: number; readonly scale: number }
  | { readonly kind: "cauchy"; readonly location: number; readonly scale: number }
  | { readonly kind: "logistic"; readonly location: number; readonly scale: number }
  | { readonly kind: "double_exponential"; readonly location: number; readonly scale: number }
  | { readonly kind: "exponential"; readonly rate: number }
  | { readonly kind: "gamma"; readonly shape: number; readonly rate: number }
  | { readonly kind: "inv_gamma"; readonly shape: number; readonly scale: number }
  /** Of a parameter whose log is normal(meanLog, sdLog). */
  | { readonly kind: "lognormal"; readonly meanLog: number; readonly sdLog: number };
