/** As R prints a number: fixed, unless scientific is shorter: 2.5, 1e+06, 1e-04. */
export function formatNumber(x: number): string {
  const fixed = String(x);
  const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
  const digits = exponent.slice(1).padStart(2, "0");
  const scientific = `${mantissa}e${exponent[0]}${digits}`;
  return fixed.length <= scientific.length && !fixed.includes("e") ? fixed : scientific;
}
