/** The shortest text that reads back to the same float64, zero's sign included. */
export const shortest = (value: number): string => (Object.is(value, -0) ? "-0" : `${value}`);

/** A number that is not finite in a program's words. */
export const notFinite = (value: number, nan: string, infinity: string): string =>
  Number.isNaN(value) ? nan : value > 0 ? infinity : `-${infinity}`;
