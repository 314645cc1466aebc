import { fixed } from "../rounding.ts";
import { list, responseOf, termName } from "../sentences.ts";
import type { Figure, FigureOptions, FigureTable } from "./figure.ts";
import { chosen, type Fit, simulatedIn, termsOf } from "./fits.ts";
import { type Lane, laneLegend } from "./lane.ts";
import { clearOf, intervalName, posteriorOf } from "./posterior.ts";
import { effectKind, type ScaleView, scalesOf, unitOf, viewOf } from "./scale.ts";
import { halfEyePanels } from "./section-panels.ts";
import { subsetColour, symbolOf } from "./series.ts";
import { sheet } from "./sheet.ts";

export interface CoefficientFigure {
  readonly id: string;
  readonly page: Figure["page"];
  readonly title: string;
  /** Of one family and one kind of response: they share the axis. */
  readonly fits: readonly Fit[];
  /** Default: all without the intercept. */
  readonly terms?: readonly string[];
  /** What tells the fits apart: `subset` (colours of subsets), or `section`, each under a heading of its own. */
  readonly by: "subset" | "section";
  /** Name of each fit; default its subset. */
  readonly name?: (fit: Fit) => string;
  /** Row names; default the term. */
  readonly rowName?: (term: string) => string;
  /** The section of a term, where terms are in sections. */
  readonly sectionOf?: (term: string) => string;
  /** First words of the caption; default: what a row is. */
  readonly about?: string;
  readonly published?: boolean;
}

/** Posteriors of coefficients as half-eyes, with published estimates and simulated truth beside them. */
export function coefficientFigure(spec: CoefficientFigure): Figure {
  const { id, page, title, fits } = spec;
  const kind = effectKind(fits[0]!.run);
  const unit = spec.by === "section" ? "the response per unit of the predictor" : unitOf(fits[0]!.run);
  const view = (options: FigureOptions): ScaleView => viewOf(options.scale, kind, unit);
  const lanes = (options: FigureOptions): Lane[] => lanesOf(spec, options, view(options));
  const caption = (options: FigureOptions): string => captionOf(spec, lanes(options), view(options), options);
  return {
    id,
    page,
    title,
    scales: scalesOf(kind),
    caption,
    draw: (options) => {
      const own = lanes(options);
      return sheet({
        options,
        title,
        description: caption(options),
        simulated: simulatedIn(fits),
        legend: laneLegend(own, options.width),
        ...halfEyePanels(own, view(options), options),
      });
    },
    table: (options) => tableOf(lanes(options), spec, view(options)),
  };
}

const nameOf = ({ name }: CoefficientFigure, fit: Fit): string => (name ? name(fit) : fit.subset);

/** Lanes in the order in which they are drawn. */
export function lanesOf(spec: CoefficientFigure, options: FigureOptions, view: ScaleView): Lane[] {
  const { fits, by, rowName = termName, sectionOf, published = true } = spec;
  const subsets = fits.map((fit) => nameOf(spec, fit));
  const shown = by === "subset" ? chosen(fits, (fit) => fit.subset, options.subsets) : fits;
  const terms = chosen(spec.terms ?? termsOf(fits), (term) => term, options.variables);
  const lane = (fit: Fit, term: string): Lane[] => {
    const posterior = posteriorOf(fit.run, term, options.level, view);
    if (!posterior) return [];
    const row = published ? fit.rows.get(term)?.published : undefined;
    const truth = fit.run.manifest.truth?.[term];
    const series = fits.length > 1 && by === "subset" ? nameOf(spec, fit) : "";
    const place = by === "subset" ? fits.indexOf(fit) : 0;
    return [
      {
        row: rowName(term),
        ...(by === "section"
          ? { section: nameOf(spec, fit) }
          : sectionOf
            ? { section: sectionOf(term) }
            : {}),
        series,
        colour: by === "subset" && fits.length > 1 ? subsetColour(series, subsets) : "currentColor",
        symbol: symbolOf(place),
        run: fit.run.id,
        variable: term,
        posterior,
        ...(row && {
          published: {
            estimate: view.apply(row.estimate),
            lower: view.apply(row.ci_lower),
            upper: view.apply(row.ci_upper),
          },
        }),
        ...(truth !== undefined && { truth: view.apply(truth) }),
      },
    ];
  };
  return by === "section"
    ? shown.flatMap((fit) => terms.flatMap((term) => lane(fit, term)))
    : terms.flatMap((term) => shown.flatMap((fit) => lane(fit, term)));
}

const laneName = ({ section, row, series }: Lane): string =>
  [section === undefined ? row : `${section}: ${row}`, ...(series ? [`(${series})`] : [])].join(" ");

function captionOf(
  spec: CoefficientFigure,
  lanes: readonly Lane[],
  view: ScaleView,
  { level }: FigureOptions,
): string {
  const { fits } = spec;
  const run = fits[0]!.run;
  const word = intervalName(level);
  const n = (x: number): string => fixed(x, view.digits);
  const clear = lanes
    .filter(({ posterior }) => clearOf(posterior, view.zero))
    .sort((a, b) => distance(b, view) - distance(a, view));
  const told = clear
    .slice(0, 3)
    .map(
      (lane) =>
        `${laneName(lane)} at ${n(lane.posterior.median)} (${n(lane.posterior.lower)} to ${n(lane.posterior.upper)})`,
    );
  const withPublished = lanes.filter((lane) => lane.published);
  const inside = withPublished.filter(({ posterior: p, published }) => holds(p, published!.estimate)).length;
  const withTruth = lanes.filter((lane) => lane.truth !== undefined);
  const true_ = withTruth.filter(({ posterior: p, truth }) => holds(p, truth!)).length;
  return [
    `${spec.about ?? `Posteriors of the coefficients of ${responseOf(run)}`}${fits.length === 1 ? ` (${nameOf(spec, fits[0]!)})` : ""}: point at the median, thick line the 50% interval, thin line the ${word}; in ${view.label}.`,
    run.manifest.prior_only
      ? "Draws of the prior alone, which say nothing of the data."
      : clear.length === 0
        ? `No ${word} leaves out ${view.zero}: nothing can be said of any sign.`
        : `Of ${lanes.length} intervals ${clear.length === lanes.length ? "all" : clear.length} ${clear.length === 1 ? "leaves" : "leave"} out ${view.zero}${clear.length > told.length ? "; the farthest are" : ":"} ${list(told)}.`,
    ...(withPublished.length > 0
      ? [
          `Hollow marks are the published means with their 90% intervals; ${inside} of ${withPublished.length} published means lie in our ${word}.`,
        ]
      : []),
    ...(withTruth.length > 0
      ? [`Crosses mark the simulated truth, which ${true_} of ${withTruth.length} intervals hold.`]
      : []),
  ].join(" ");
}

const holds = ({ lower, upper }: { lower: number; upper: number }, x: number): boolean =>
  lower <= x && x <= upper;

const distance = ({ posterior }: Lane, { zero, axis }: ScaleView): number =>
  axis === "log" ? Math.abs(Math.log(posterior.median)) : Math.abs(posterior.median - zero);

function tableOf(lanes: readonly Lane[], { fits, by }: CoefficientFigure, view: ScaleView): FigureTable {
  const sections = lanes.some((lane) => lane.section !== undefined);
  const series = by === "subset" && fits.length > 1;
  const published = lanes.some((lane) => lane.published);
  const truth = lanes.some((lane) => lane.truth !== undefined);
  const level = lanes[0] ? intervalName(lanes[0].posterior.level) : "interval";
  return {
    columns: [
      ...(sections ? ["Part"] : []),
      "Term",
      ...(series ? ["Subset"] : []),
      `Median (${view.label})`,
      ...["25%", "75%", `${level}, lower`, `${level}, upper`],
      ...(published ? ["Published mean", "Published 5%", "Published 95%"] : []),
      ...(truth ? ["Simulated truth"] : []),
    ],
    rows: lanes.map((lane) => [
      ...(sections ? [lane.section ?? ""] : []),
      lane.row,
      ...(series ? [lane.series] : []),
      lane.posterior.median,
      lane.posterior.q25 ?? null,
      lane.posterior.q75 ?? null,
      lane.posterior.lower,
      lane.posterior.upper,
      ...(published
        ? [lane.published?.estimate ?? null, lane.published?.lower ?? null, lane.published?.upper ?? null]
        : []),
      ...(truth ? [lane.truth ?? null] : []),
    ]),
  };
}
