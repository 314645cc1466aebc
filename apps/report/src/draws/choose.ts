/** A run's variables, and the bytes of one of them in the page. */
export interface DrawsSize {
  readonly variables: readonly string[];
  readonly each: number;
}

/**
 * Which draws a file of limited size holds, by run: coefficients (`b_`) of the runs in their order as long as there is room, then the
 * other variables of each in the same order. A run without coefficients counts all of its variables as such.
 */
export function chooseDraws(runs: readonly DrawsSize[], room: number): string[][] {
  let left = room;
  const take = (variables: readonly string[], each: number): readonly string[] => {
    const size = variables.length * each;
    if (size > left) return [];
    left -= size;
    return variables;
  };
  const coefficients = runs.map(({ variables }) => {
    const own = variables.filter((name) => name.startsWith("b_"));
    return own.length > 0 ? own : variables;
  });
  const first = runs.map(({ each }, i) => take(coefficients[i]!, each));
  const whole = first.every((taken, i) => taken.length === coefficients[i]!.length);
  return runs.map(({ variables, each }, i) => {
    const rest = variables.filter((name) => !coefficients[i]!.includes(name));
    const more = whole ? take(rest, each) : [];
    return variables.filter((name) => first[i]!.includes(name) || more.includes(name));
  });
}
