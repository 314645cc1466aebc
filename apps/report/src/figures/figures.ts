import type { SensitivityRow } from "@bridgewise/core";
import { interactionsOf } from "../interactions.ts";
import type { ReportData } from "../report-data.ts";
import { type Alternatives, alternativeFigure, splitAnalyses } from "./alternatives.ts";
import { coefficientFigure } from "./coefficient-figure.ts";
import { comparisonFigure } from "./comparison.ts";
import { convergenceFigure, energyFigure, paretoFigure } from "./convergence.ts";
import { correlationFigure } from "./correlation.ts";
import { flowFigure, modelsFigure, ratersFigure } from "./data-figures.ts";
import { distributionFigure } from "./distribution.ts";
import type { Figure } from "./figure.ts";
import { type Analysis, analysesOf, type Fit, figureId, termsOf } from "./fits.ts";
import { levelFigures } from "./level-figure.ts";
import { interactionFigure, slopeFigure } from "./moderation.ts";
import { noiseFigure } from "./noise.ts";
import { matrixFigure } from "./prompt-matrix.ts";
import { publishedFigure } from "./published.ts";
import { rankFigure } from "./ranks.ts";
import { checkFigures } from "./run-checks.ts";
import { sensitivityFigure } from "./sensitivity.ts";
import { vifFigure } from "./vif.ts";

/** The figures that the data give, in the order of the pages; ids are unique. */
export function figuresOf(data: ReportData): Figure[] {
  // fits of the sensitivity part are told by `results.sensitivity`
  const analyses = analysesOf(data).filter(({ role }) => role !== "sensitivity");
  const { questions, alternatives } = splitAnalyses(analyses);
  return unique([
    ...questions.flatMap(analysisFigures),
    ...overviewFigures(data),
    ...robustnessFigures(data, alternatives),
    ...dataFigures(data, questions),
    ...diagnosticFigures(data),
  ]);
}

function analysisFigures(analysis: Analysis): Figure[] {
  const { id, title, fits } = analysis;
  const byResponse = new Set(fits.map(({ dv }) => dv)).size > 1;
  if (byResponse) return responseFigures(analysis);
  const [first] = fits as [Fit];
  const interactions = interactionsOf(termsOf([first]));
  const moderated = new Set(interactions.map(({ variable }) => variable));
  // one interaction among many terms is one more coefficient; several are a question of their own
  if (fits.length === 1 && interactions.length > 1) {
    const suffix = id === "2" ? "" : `-${figureId(id)}`;
    const slopes = slopeFigure(`moderation-slopes${suffix}`, first, interactions);
    return [
      interactionFigure(`moderation${suffix}`, first, interactions),
      ...(slopes ? [slopes] : []),
      coefficientFigure({
        ...{ id: figureId(id), page: "moderation", title: `${title}: main effects`, fits, by: "subset" },
        terms: termsOf(fits).filter((term) => !moderated.has(term)),
      }),
    ];
  }
  // PAPER's figure 1 shows all conversations, its subsets have a figure of their own; other reports have one figure
  if (first.planned === null || fits.length === 1) {
    const page = interactions.length > 0 ? "moderation" : "findings";
    return [coefficientFigure({ id: figureId(id), page, title, fits, by: "subset" })];
  }
  return [
    coefficientFigure({
      ...{ id: figureId(id), page: "findings", title: `${title}: ${first.subset}`, by: "subset" },
      fits: [first],
    }),
    coefficientFigure({
      ...{
        id: `${figureId(id)}-subsets`,
        page: "findings",
        title: `${title}, by subset`,
        fits,
        by: "subset",
      },
    }),
  ];
}

/** Regressions of several responses: a table of coefficients, and their posteriors under each response. */
function responseFigures(analysis: Analysis): Figure[] {
  const { id, title, fits } = analysis;
  return [
    matrixFigure(id === "3" ? "1c" : `matrix-${figureId(id)}`, "prompts", analysis),
    coefficientFigure({
      ...{ id: figureId(id), page: "prompts", title: `${title}, with their posteriors`, fits, by: "section" },
      name: ({ dv, subset }) => (dv ?? subset).replaceAll("_", " "),
      about: "Posteriors of the coefficients of each regression, under the name of its response",
    }),
  ];
}

/** PAPER's eight attributes, a to h in the alphabet's order. */
const EIGHT = [
  "AFFINITY",
  "COMPASSION",
  "CURIOSITY",
  "NUANCE",
  "PERSONAL_STORY",
  "REASONING",
  "RESPECT",
  "TOXICITY",
];

function overviewFigures({ overview }: ReportData): Figure[] {
  if (!overview) return [];
  const own = overview.attributes.filter(({ name }) => !name.endsWith("_human"));
  const eight = EIGHT.every((name) => own.some((attribute) => attribute.name === name));
  const idOf = (name: string): string =>
    eight && EIGHT.includes(name) ? `2${"abcdefgh"[EIGHT.indexOf(name)]}` : `distribution-${figureId(name)}`;
  const figures = own
    .filter(({ parts }) => parts.length > 0)
    .map((attribute) => distributionFigure(idOf(attribute.name), overview, attribute))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return [...figures, ...(overview.correlations.names.length > 1 ? [correlationFigure(overview)] : [])];
}

function robustnessFigures({ results }: ReportData, alternatives: readonly Alternatives[]): Figure[] {
  if (!results) return alternatives.map(alternativeFigure);
  const { rows, comparisons, vifs, sensitivity, simulated } = results;
  const by = new Map<string, SensitivityRow[]>();
  for (const row of sensitivity) {
    const key = `${row.variation.base}\n${row.variation.kind}`;
    by.set(key, [...(by.get(key) ?? []), row]);
  }
  return [
    ...(rows.some(({ published }) => published) ? [publishedFigure(rows, simulated)] : []),
    ...alternatives.map(alternativeFigure),
    ...(comparisons.length > 0 ? [comparisonFigure(comparisons, simulated)] : []),
    ...(vifs.length > 0 ? [vifFigure(vifs, simulated)] : []),
    ...[...by.values()].flatMap((some) => {
      const { kind, base } = some[0]!.variation;
      const noise = kind === "noise" ? noiseFigure(some, base, simulated) : undefined;
      return [noise ?? sensitivityFigure(some, base, kind, simulated)];
    }),
  ];
}

function dataFigures({ flow, overview, results, runs }: ReportData, analyses: readonly Analysis[]): Figure[] {
  const simulated =
    overview?.simulated ?? results?.simulated ?? runs.some(({ manifest }) => manifest.simulated);
  return [
    ...(flow && flow.steps.length > 0 ? [flowFigure(flow, simulated)] : []),
    ...(overview && overview.raters.length > 0 ? [ratersFigure(overview)] : []),
    ...(overview && overview.models.length > 1 ? [modelsFigure(overview)] : []),
    ...analyses.flatMap(({ id, fits }) =>
      new Set(fits.map(({ dv }) => dv)).size > 1 ? [] : levelFigures(fits[0]!, id),
    ),
  ];
}

function diagnosticFigures(data: ReportData): Figure[] {
  const { runs } = data;
  if (runs.length === 0) return [];
  const simulated = runs.some(({ manifest }) => manifest.simulated);
  const fits = analysesOf(data).flatMap((analysis) => analysis.fits);
  const energy = energyFigure(runs, simulated);
  const pareto = paretoFigure(runs, simulated);
  return [
    convergenceFigure(fits, simulated),
    ...(energy ? [energy] : []),
    ...(pareto ? [pareto] : []),
    ...runs.flatMap((run) => {
      const ranks = rankFigure(run);
      return [...(ranks ? [ranks] : []), ...checkFigures(run)];
    }),
  ];
}

function unique(figures: readonly Figure[]): Figure[] {
  const seen = new Map<string, number>();
  return figures.map((figure) => {
    const count = (seen.get(figure.id) ?? 0) + 1;
    seen.set(figure.id, count);
    return count === 1 ? figure : { ...figure, id: `${figure.id}-${count}` };
  });
}
