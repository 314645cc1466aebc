import { list, responseOf } from "../sentences.ts";
import { coefficientFigure } from "./coefficient-figure.ts";
import type { Figure } from "./figure.ts";
import { type Analysis, type Fit, figureId, termsOf } from "./fits.ts";
import { effectKind } from "./scale.ts";

/** A fit beside others that vary it. */
export interface Alternatives {
  readonly base: Fit;
  readonly others: readonly Fit[];
}

/**
 * Which analyses are another's alternatives: one that says so (`variation`), or that explains the same response on the same subset by at least
 * half of its terms after an earlier one has. The others are questions of their own.
 */
export function splitAnalyses(analyses: readonly Analysis[]): {
  readonly questions: readonly Analysis[];
  readonly alternatives: readonly Alternatives[];
} {
  const questions: Analysis[] = [];
  const by = new Map<Fit, Fit[]>();
  for (const analysis of analyses) {
    const earlier = questions.flatMap(({ fits }) => fits);
    const bases = analysis.fits.map((fit) => baseOf(fit, earlier));
    if (bases.some((base) => base === undefined)) questions.push(analysis);
    else
      for (const [i, fit] of analysis.fits.entries()) by.set(bases[i]!, [...(by.get(bases[i]!) ?? []), fit]);
  }
  return { questions, alternatives: [...by].map(([base, others]) => ({ base, others })) };
}

function baseOf(fit: Fit, earlier: readonly Fit[]): Fit | undefined {
  const named = fit.planned?.variation?.base;
  if (named !== undefined) return earlier.find(({ run }) => run.id === named);
  const terms = termsOf([fit]);
  return earlier.find((base) => {
    const own = termsOf([base]);
    const shared = own.filter((term) => terms.includes(term)).length;
    return (
      base.planned !== null &&
      base.subset === fit.subset &&
      base.dv === fit.dv &&
      responseOf(base.run) === responseOf(fit.run) &&
      effectKind(base.run) === effectKind(fit.run) &&
      2 * shared >= Math.max(own.length, terms.length)
    );
  });
}

/** A fit's coefficients beside those of its alternatives. */
export function alternativeFigure({ base, others }: Alternatives): Figure {
  const fits = [base, ...others];
  return coefficientFigure({
    ...{ id: `alternatives-${figureId(base.run.id)}`, page: "robustness", by: "subset", published: false },
    title: `Other models of ${base.analysis}, ${base.subset}`,
    fits,
    name: ({ analysis }) => analysis,
    about: `Posteriors of the coefficients of ${responseOf(base.run)} (${base.subset}) by analysis ${base.analysis} and by ${others.length === 1 ? "another" : `${others.length} others`} (${list(others.map(({ analysis, title }) => `${analysis}: ${title[0]!.toLowerCase()}${title.slice(1)}`))})`,
  });
}
