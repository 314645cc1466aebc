import { deparse, type Expression, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { checkVariable } from "./functions.ts";
import { type LinearTerms, linearTerms } from "./linear-terms.ts";
import { TermAlgebra } from "./term-algebra.ts";

type Bar = Expression & { kind: "binary" };

/** A grouping: columns whose combinations are its levels. */
interface Grouping {
  /** brms's name: `user_id`, or `user_id:conversation_id` for a nested one. */
  readonly name: string;
  /** The columns, each with its place in the formula. */
  readonly columns: readonly { readonly name: string; readonly position: number }[];
  /** Place in the formula, from 1. */
  readonly position: number;
}

/** Group-level effects that a formula asks for. */
export interface GroupSpec extends Grouping {
  /** What varies between the levels. */
  readonly effects: LinearTerms;
  /** `|`, or `||` for independent effects. */
  readonly correlated: boolean;
}

/**
 * The group terms in what stands between parentheses: `1 + x | a/b` gives (1 + x | a) and (1 + x | a:b). brms's further syntax is an
 * InputError, as is a grouping that occurs twice with the same intercept or variable.
 */
export function groupSpecs(text: string, bars: readonly Bar[]): GroupSpec[] {
  const specs: GroupSpec[] = [];
  for (const bar of bars) {
    const effects = groupEffects(text, bar);
    for (const grouping of groupings(text, bar.right)) {
      const spec = { ...grouping, effects, correlated: bar.operator === "|" };
      const twice = specs
        .filter((other) => columnKey(other) === columnKey(spec))
        .flatMap((other) => effectLabels(other.effects))
        .find((label) => effectLabels(effects).includes(label));
      if (twice !== undefined)
        throw formulaError(
          text,
          spec.position,
          twice === "Intercept"
            ? `the intercept of the group ${spec.name} occurs twice; remove one (0 + leaves it out)`
            : `'${twice}' of the group ${spec.name} occurs twice; remove one`,
        );
      specs.push(spec);
    }
  }
  return specs;
}

function effectLabels({ intercept, terms }: LinearTerms): string[] {
  return [...(intercept ? ["Intercept"] : []), ...terms.map(({ label }) => label)];
}

/** The same for `a:b` and `b:a`. */
function columnKey({ columns }: Grouping): string {
  return columns
    .map(({ name }) => name)
    .sort()
    .join("\n");
}

function groupEffects(text: string, { left, right, position }: Bar): LinearTerms {
  const inner = unwrap(left);
  if (inner.kind === "binary" && (inner.operator === "|" || inner.operator === "||"))
    throw formulaError(
      text,
      position,
      `a second '|' (correlated terms) is not supported; write (${deparse(inner.left)} | ${deparse(unwrap(right))})`,
    );
  const algebra = new TermAlgebra(text);
  const sum = algebra.sum(left);
  if (sum.bars.length > 0)
    throw formulaError(text, sum.bars[0]!.position, "a group term cannot stand inside another");
  if (sum.offsets.length > 0)
    throw formulaError(text, sum.offsets[0]!.position, "an offset is no group-level effect; add it outside");
  const effects = linearTerms(algebra, sum);
  if (!effects.intercept && effects.terms.length === 0)
    throw formulaError(text, left.position, "nothing varies here; write (1 | g), or (0 + x | g)");
  return effects;
}

function groupings(text: string, expression: Expression): Grouping[] {
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

function combine(a: Grouping, b: Grouping): Grouping {
  return { name: `${a.name}:${b.name}`, columns: [...a.columns, ...b.columns], position: a.position };
}
