import { deparse, type Expression, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { checkVariable } from "./functions.ts";

/** A group-level intercept that a formula asks for. */
export interface GroupSpec {
  /** brms's name: `user_id`, or `user_id:conversation_id` for a nested one. */
  readonly name: string;
  /** The columns whose combinations are the levels, each with its place in the formula. */
  readonly columns: readonly { readonly name: string; readonly position: number }[];
  /** Place in the formula, from 1. */
  readonly position: number;
}

/**
 * The group terms in what stands between parentheses: `1 | a/b` gives a and a:b. Random slopes and brms's further
 * syntax are InputErrors, as is a grouping that occurs twice.
 */
export function groupSpecs(text: string, bars: readonly (Expression & { kind: "binary" })[]): GroupSpec[] {
  const specs: GroupSpec[] = [];
  for (const bar of bars) {
    checkIntercept(text, bar);
    for (const spec of groupings(text, bar.right)) {
      if (specs.some((other) => columnKey(other) === columnKey(spec)))
        throw formulaError(text, spec.position, `the group term ${spec.name} occurs twice; remove one`);
      specs.push(spec);
    }
  }
  return specs;
}

/** The same for `a:b` and `b:a`. */
function columnKey(spec: GroupSpec): string {
  return spec.columns
    .map(({ name }) => name)
    .sort()
    .join("\n");
}

function checkIntercept(text: string, bar: Expression & { kind: "binary" }): void {
  const { operator, left, right, position } = bar;
  const effects = unwrap(left);
  const alone = `(1 | ${deparse(unwrap(right))})`;
  if (effects.kind === "binary" && (effects.operator === "|" || effects.operator === "||"))
    throw formulaError(text, position, `a second '|' is not supported; write ${alone}`);
  if (effects.kind !== "number" || effects.value !== 1)
    throw formulaError(
      text,
      effects.position,
      `random slopes (${deparse(left)} ${operator} ${deparse(right)}) are not supported yet; use the intercept alone: ${alone}`,
    );
  if (operator === "||") throw formulaError(text, position, `'||' is not supported; write ${alone}`);
}

function groupings(text: string, expression: Expression): GroupSpec[] {
  const group = unwrap(expression);
  const { position } = group;
  if (group.kind === "name")
    return [{ name: group.name, columns: [{ name: group.name, position }], position }];
  if (group.kind === "binary" && group.operator === "/") {
    const outer = groupings(text, group.left);
    return [...outer, ...groupings(text, group.right).map((inner) => combine(outer.at(-1)!, inner))];
  }
  if (group.kind === "binary" && group.operator === ":") {
    const left = groupings(text, group.left);
    const right = groupings(text, group.right);
    if (left.length === 1 && right.length === 1) return [combine(left[0]!, right[0]!)];
  }
  if (group.kind === "call") checkVariable(text, group);
  throw formulaError(
    text,
    position,
    `'${deparse(group)}' is not a grouping; name columns, joined by '/' (nested) or ':', as in (1 | a/b)`,
  );
}

function combine(a: GroupSpec, b: GroupSpec): GroupSpec {
  return { name: `${a.name}:${b.name}`, columns: [...a.columns, ...b.columns], position: a.position };
}
