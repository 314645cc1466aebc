import { type Conditional, conditionalsOf, integratedChild, type LinearGlobals } from "./conditionals.ts";
import { backSubstitute } from "./elimination.ts";
import type { GeneralRows } from "./general-rows.ts";
import type { RowCurvature } from "./row-curvature.ts";

/** [terms] of [levels][q] effects, or of [levels][q][linear] answers. */
export type PerTerm = (Float64Array | undefined)[];

const MOST_SWEEPS = 30;

/** Nested terms that are solved for together, ancestors first; between such groups the solutions go to and fro (block Gauss-Seidel). */
export function nestedGroups({ terms }: GeneralRows, transported: readonly number[]): number[][] {
  const child = integratedChild(terms, transported);
  return transported
    .filter((t) => !terms[t]!.ancestors.some((a) => child[a] === t))
    .map((head) => {
      const group = [head];
      for (let c = child[head]!; c >= 0; c = child[c]!) group.push(c);
      return group;
    });
}

/** One step towards the mode of a group's effects, the others' held: the new effects. */
export function stepEffects(
  problem: GeneralRows,
  globals: LinearGlobals,
  group: readonly number[],
  curvature: RowCurvature,
  factors: readonly Float64Array[],
  effects: readonly Float64Array[],
): { conditionals: (Conditional | undefined)[]; effects: PerTerm } {
  const conditionals = conditionalsOf(
    problem,
    { ...globals, transported: group },
    curvature,
    factors,
    effects,
    false,
  );
  return {
    conditionals,
    effects: backSubstitute(problem, group, conditionals, ({ center }) => center, 1, effects),
  };
}

/** Conditionals with columns, and how all effects answer to the linear globals together: [terms] of [levels][q][linear]. */
export function answersOf(
  problem: GeneralRows,
  globals: LinearGlobals,
  curvature: RowCurvature,
  factors: readonly Float64Array[],
  effects: readonly Float64Array[],
  start: PerTerm = [],
  mostSweeps = MOST_SWEEPS,
): { conditionals: (Conditional | undefined)[]; answers: PerTerm } {
  const groups = nestedGroups(problem, globals.transported);
  const conditionals: (Conditional | undefined)[] = problem.terms.map(() => undefined);
  let answers: PerTerm = problem.terms.map((_, t) => start[t]);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let largest = 0;
    for (const group of groups) {
      const own = conditionalsOf(
        problem,
        { ...globals, transported: group },
        curvature,
        factors,
        effects,
        true,
        answers,
      );
      const solved = backSubstitute(
        problem,
        group,
        own,
        ({ columns }) => columns.map((c) => -c),
        globals.linear,
        answers,
      );
      for (const t of group) {
        conditionals[t] = own[t]!;
        const before = answers[t];
        solved[t]!.forEach((value, i) => {
          largest = Math.max(largest, Math.abs(value - (before?.[i] ?? 0)));
        });
      }
      answers = solved;
    }
    if (groups.length < 2 || largest < 1e-4) break;
  }
  return { conditionals, answers };
}
