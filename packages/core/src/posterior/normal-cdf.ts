// Rational approximations of Cody (1969, doi:10.1090/S0025-5718-1969-0247736-4), as in R's `pnorm`. Of a
// numerator the highest power's coefficient comes last, the others before it from the next highest on; the denominator's is 1.
// |x| <= 0.67448975, in x^2
const A = [
  2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356, 0.06568233791820745,
] as const;
const B = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673] as const;
// |x| <= sqrt(32), in |x|
const C = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
] as const;
const D = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
] as const;
// beyond, in 1 / x^2
const P = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934, 2.9112874951168793e-5,
  0.023073441764940174,
] as const;
const Q = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
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
