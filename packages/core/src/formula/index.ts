export { brmsName } from "./brms-name.ts";
export { type Coding, codeTerms } from "./coding.ts";
export {
  CONTRASTS,
  type Contrast,
  type Contrasts,
  contrastsOf,
} from "./contrasts.ts";
export { buildDesign, type Design, type DesignBasis } from "./design.ts";
export { Evaluator, logicalValues, type Scale, type Value } from "./evaluate.ts";
export { type BinaryOperator, type Comparison, deparse, type Expression, namesIn } from "./expression.ts";
export { formatNumber } from "./format-number.ts";
export { formulaError } from "./formula-error.ts";
export type { GroupSpec } from "./group-specs.ts";
export type { LinearTerms, Term, Variable } from "./linear-terms.ts";
export { type FormulaSyntax, parseFormula } from "./parser.ts";
export type { ResponseSyntax } from "./response-syntax.ts";
export { scan, type Token, type TokenKind } from "./scanner.ts";
export {
  expandTerms,
  type FormulaTerms,
  formulaColumns,
  formulaTerms,
} from "./terms.ts";
