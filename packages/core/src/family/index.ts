import { bernoulli } from "./bernoulli.ts";
import { beta } from "./beta.ts";
import { binomial } from "./binomial.ts";
import { cumulative } from "./cumulative.ts";
import type { Family, FamilyDefinition } from "./family.ts";
import { gaussian } from "./gaussian.ts";
import { studentT } from "./student-t.ts";

export { categoryProbabilities } from "./cumulative.ts";
export {
  FAMILIES,
  FAMILY_ALIASES,
  type Family,
  type FamilyAlias,
  type FamilyDefinition,
  type FamilyParameter,
  familyNamed,
  type RandomNumbers,
} from "./family.ts";
export { digamma, digammaHalfStep, logGamma, logGammaHalfStep } from "./log-gamma.ts";
export { inverseLogit, log1pExp } from "./logistic.ts";

const DEFINITIONS: Readonly<Record<Family, FamilyDefinition>> = {
  gaussian,
  student_t: studentT,
  bernoulli,
  binomial,
  cumulative,
  beta,
};

export const familyOf = (family: Family): FamilyDefinition => DEFINITIONS[family];
