import { responseOf } from "../sentences.ts";
import { coefficientFigure } from "./coefficient-figure.ts";
import type { Figure } from "./figure.ts";
import { type Analysis, type Fit, figureId, termsOf } from "./fits.ts";
import { effectKind } from "./scale.ts";

/**
 * Fits beyond the published ones beside the published fit that they vary: the same subset, the same kind of response and at least half of the
 * terms in common. A figure for each such fit; a fit that resembles several goes to the one with most terms in common, the first of equals.
 */
export function alternativeFigures(analyses: readonly Analysis[]): Figure[] {
  const bases = analyses.filter(({ role }) => role === "paper").flatMap(({ fits }) => fits);
  const extras = analyses.filter(({ role }) => role === "extra").flatMap(({ fits }) => fits);
  const by = new Map<Fit, Fit[]>();
  for (const extra of extras) {
    const base = baseOf(extra, bases);
    if (base) by.set(base, [...(by.get(base) ?? []), extra]);
  }
  return [...by].map(([base, others]) => {
    const fits = [base, ...others];
    const own = new Set(others.flatMap((other) => termsOf([other])));
    return coefficientFigure({
      ...{ id: `alternatives-${figureId(base.run.id)}`, page: "robustness", by: "subset", published: false },
      title: `Other models of ${base.analysis}, ${base.subset}`,
      fits,
      terms: termsOf(fits).filter((term) => own.has(term) || termsOf([base]).includes(term)),
      name: (fit) =>
        fit === base
          ? `analysis ${base.analysis}`
          : fit.run.manifest.label === fit.subset
            ? fit.title
            : fit.run.manifest.label,
      about: `Posteriors of the coefficients of ${responseOf(base.run)} (${base.subset}) by analysis ${base.analysis} and by ${others.length === 1 ? "another" : `${others.length} others`}`,
    });
  });
}

function baseOf(extra: Fit, bases: readonly Fit[]): Fit | undefined {
  const terms = termsOf([extra]);
  const shared = (base: Fit): number => termsOf([base]).filter((term) => terms.includes(term)).length;
  const fitting = bases.filter(
    (base) =>
      base.subset === extra.subset &&
      base.run.manifest.family === extra.run.manifest.family &&
      effectKind(base.run) === effectKind(extra.run) &&
      shared(base) * 2 >= terms.length,
  );
  const same = fitting.filter((base) => responseOf(base.run) === responseOf(extra.run));
  const among = same.length > 0 ? same : fitting;
  // of two models with the same terms in common the one with fewer others is nearer
  return among.toSorted((a, b) => shared(b) - shared(a) || termsOf([a]).length - termsOf([b]).length)[0];
}
