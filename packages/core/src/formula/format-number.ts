/** As R turns a number into text: 15 significant digits, fixed unless scientific is shorter: 2.5, 1e+06, 1e-04, 0.333333333333333. */
export function formatNumber(x: number): string {
  const rounded = Number(x.toPrecision(15));
  const fixed = String(rounded);
  const [mantissa, exponent] = rounded.toExponential().split("e") as [string, string];
  const digits = exponent.slice(1).padStart(2, "0");
  const scientific = `${mantissa}e${exponent[0]}${digits}`;
  return fixed.length <= scientific.length && !fixed.includes("e") ? fixed : scientific;
}
