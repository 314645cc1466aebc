/** A run's variables, and the bytes of each in the page. */
export interface DrawsSize {
  readonly variables: readonly string[];
  readonly bytes: readonly number[];
}

/**
 * Which draws a file of limited size holds, by run: coefficients (`b_`) of the runs in their order as long as there is room, then the
 * other variables of each in the same order. A run without coefficients counts all of its variables as such.
 */
export function chooseDraws(runs: readonly DrawsSize[], room: number): string[][] {
  let left = room;
  const take = ({ variables, bytes }: DrawsSize, wanted: readonly string[]): readonly string[] => {
    const size = variables.reduce((sum, name, v) => sum + (wanted.includes(name) ? bytes[v]! : 0), 0);
    if (size > left) return [];
    left -= size;
    return wanted;
  };
  const coefficients = runs.map(({ variables }) => {
    const own = variables.filter((name) => name.startsWith("b_"));
    return own.length > 0 ? own : variables;
  });
  const first = runs.map((run, i) => take(run, coefficients[i]!));
  const whole = first.every((taken, i) => taken.length === coefficients[i]!.length);
  return runs.map((run, i) => {
    const { variables } = run;
    const rest = variables.filter((name) => !coefficients[i]!.includes(name));
    const more = whole ? take(run, rest) : [];
    return variables.filter((name) => first[i]!.includes(name) || more.includes(name));
  });
}
