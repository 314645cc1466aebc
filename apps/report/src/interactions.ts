/** An interaction of two terms that the model has by themselves too. */
export interface Interaction {
  /** `b_A:M` */
  readonly variable: string;
  /** The term whose slope is moderated, and what moderates it: names without `b_`. */
  readonly slope: string;
  readonly moderator: string;
}

/** PAPER's attributes are written in capitals, raters' groups are not. */
const capitals = (name: string): boolean => /^[A-Z_]+$/.test(name.replace(/_human$/, ""));

/**
 * Interactions among variables. Where one part is written in capitals the other moderates it, else the part that occurs in more interactions,
 * of equal ones the second.
 */
export function interactionsOf(variables: readonly string[]): Interaction[] {
  const known = new Set(variables);
  const pairs = variables.flatMap((variable) => {
    const parts = variable.startsWith("b_") ? variable.slice(2).split(":") : [];
    return parts.length === 2 && parts.every((part) => known.has(`b_${part}`))
      ? [{ variable, parts: parts as [string, string] }]
      : [];
  });
  const count = (part: string): number => pairs.filter(({ parts }) => parts.includes(part)).length;
  return pairs.map(({ variable, parts: [a, b] }) => {
    const firstModerates = capitals(a) !== capitals(b) ? capitals(b) : count(a) > count(b);
    return { variable, slope: firstModerates ? b : a, moderator: firstModerates ? a : b };
  });
}
