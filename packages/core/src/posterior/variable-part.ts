/** Which part of a model's summary a variable belongs to, as brms parts it. */
export type ModelPart = "group" | "population" | "family" | "level" | "other";

export interface VariablePart {
  readonly part: ModelPart;
  /** The group of "group" and "level". */
  readonly group?: string;
  /** The variable's name in its part: `sd(Intercept)`, `cor(Intercept,x)`, `x`, `[a,Intercept]`. */
  readonly label: string;
}

/** brms's further parameters of families. */
const FAMILY = /^(sigma|nu|phi|shape|kappa|beta|zi|hu|disc|ndt|bias|xi|quantile|alpha)$/;

/** By brms's names: `sd_g__x`, `cor_g__x__z`, `b_x`, `sigma`, `r_g[level,x]`; what has none of them is "other". */
export function partOf(name: string): VariablePart {
  const spread = /^sd_(.+)__(.+?)$/.exec(name);
  if (spread !== null) return { part: "group", group: spread[1]!, label: `sd(${spread[2]})` };
  const correlation = /^cor_(.+)__(.+)__(.+)$/.exec(name);
  if (correlation !== null)
    return { part: "group", group: correlation[1]!, label: `cor(${correlation[2]},${correlation[3]})` };
  if (name.startsWith("b_")) return { part: "population", label: name.slice(2) };
  const level = /^r_(.+?)(\[.+\])$/s.exec(name);
  if (level !== null) return { part: "level", group: level[1]!, label: level[2]! };
  return { part: FAMILY.test(name) ? "family" : "other", label: name };
}
