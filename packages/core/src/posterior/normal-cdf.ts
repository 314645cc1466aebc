// Rational approximations of Cody (1969, doi:10.1090/S0025-5718-1969-0247736-4), as in R's `pnorm`. Of a
// numerator the highest power's coefficient comes last, the others before it from the next highest on; the denominator's is 1.
// |x| <= 0.67448975, in x^2
const A = [
  2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249,
  0.065682337918207449113,
] as const;
const B = [
  47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956,
] as const;
// |x| <= sqrt(32), in |x|
const C = [
  0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226,
  2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218,
  1.0765576773720192317e-8,
] as const;
const D = [
  22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
  18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
] as const;
// beyond, in 1 / x^2
const P = [
  0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466,
  2.9112874951168792e-5, 0.02307344176494017303,
] as const;
const Q = [
  1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244,
  7.29751555083966205e-5,
] as const;

const ONE_OVER_SQRT_2PI = 0.3989422804014327;

/** Standard normal distribution function Phi(x), about 1e-15 relative in both tails: the routine of R's `pnorm`. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const y = Math.abs(x);
  if (y <= 0.67448975) return 0.5 + x * ratio(A, B, y > 1.11e-16 ? y * y : 0);
  const tail = y <= Math.sqrt(32) ? gauss(y) * ratio(C, D, y) : farTail(y);
  return x > 0 ? 1 - tail : tail;
}

function farTail(y: number): number {
  if (y > 38.6) return 0;
  const square = 1 / (y * y);
  return (gauss(y) * (ONE_OVER_SQRT_2PI - square * ratio(P, Q, square))) / y;
}

/** exp(-y^2 / 2), with y in two parts so that its square does not round. */
function gauss(y: number): number {
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (y - coarse) * (y + coarse));
}

function ratio(numerator: readonly number[], denominator: readonly number[], t: number): number {
  const last = denominator.length - 1;
  let top = numerator.at(-1)! * t;
  let bottom = t;
  for (let i = 0; i < last; i++) {
    top = (top + numerator[i]!) * t;
    bottom = (bottom + denominator[i]!) * t;
  }
  return (top + numerator[last]!) / (bottom + denominator[last]!);
}
