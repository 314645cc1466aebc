import type { ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import type { Fit } from "./fits.ts";
import { symbolOf } from "./series.ts";
import { sideBySide } from "./side-by-side.ts";

/** Vehtari et al. (2021): R-hat at most 1.01, ESS at least 100 a chain. */
const RHAT = 1.01;
const ESS_A_CHAIN = 100;

const name = ({ run }: Fit): string => run.id;

/** Largest R-hat and smallest effective sample sizes of every fit. */
export function convergenceFigure(fits: readonly Fit[], simulated: boolean): Figure {
  const of = fits.map((fit) => ({
    fit,
    rhat: fit.run.diagnostics.max_rhat,
    bulk: fit.run.diagnostics.min_ess_bulk,
    tail: fit.run.diagnostics.min_ess_tail,
  }));
  const needed = Math.max(...fits.map(({ run }) => ESS_A_CHAIN * run.summary.chains));
  return figureOf({
    ...{ id: "convergence", page: "diagnostics", title: "Did the chains agree", simulated },
    caption: () => {
      const worst = of.toSorted((a, b) => (b.rhat?.value ?? 0) - (a.rhat?.value ?? 0))[0];
      const least = of.toSorted((a, b) => (a.bulk?.value ?? 0) - (b.bulk?.value ?? 0))[0];
      const high = of.filter(({ rhat }) => (rhat?.value ?? 1) > RHAT).length;
      return `Largest R-hat over all variables of each fit, and smallest bulk (circles) and tail (squares) effective sample size; dashed lines at the limits of ${RHAT} and ${whole(needed)} (100 a chain). ${high === 0 ? `All ${fits.length} R-hats are within the limit` : `${high} of ${fits.length} R-hats are above the limit`}${worst?.rhat ? `; the largest is ${fixed(worst.rhat.value, 4)} (${worst.rhat.variable} in ${name(worst.fit)})` : ""}.${least?.bulk ? ` The smallest bulk ESS is ${whole(least.bulk.value)} (${least.bulk.variable} in ${name(least.fit)}).` : ""}`;
    },
    legend: () => [
      { label: "bulk ESS, R-hat", colour: "currentColor", symbol: "circle" },
      { label: "tail ESS", colour: "#0072B2", symbol: "square" },
    ],
    panels: (options) => {
      const rows = fits.map(name);
      return sideBySide(
        rows,
        [
          {
            label: "largest R-hat",
            rules: [RHAT],
            include: [1, RHAT],
            dots: of.flatMap(({ fit, rhat }) =>
              rhat
                ? [
                    {
                      ...{ row: name(fit), x: rhat.value, symbol: symbolOf(0) },
                      colour: rhat.value > RHAT ? "#D55E00" : "currentColor",
                      text: `${name(fit)}\nR-hat ${fixed(rhat.value, 4)} of ${rhat.variable}`,
                    },
                  ]
                : [],
            ),
          },
          {
            label: "smallest ESS",
            rules: [needed],
            include: [needed, 0],
            dots: of.flatMap(({ fit, bulk, tail }) =>
              ([bulk, tail] as const).flatMap((ess, i) =>
                ess
                  ? [
                      {
                        ...{ row: name(fit), x: ess.value, symbol: symbolOf(i) },
                        colour: i === 0 ? "currentColor" : "#0072B2",
                        text: `${name(fit)}\n${i === 0 ? "bulk" : "tail"} ESS ${whole(ess.value)} of ${ess.variable}`,
                      },
                    ]
                  : [],
              ),
            ),
          },
        ],
        options,
      );
    },
    table: () => ({
      columns: ["Fit", "Largest R-hat", "of", "Least bulk ESS", "of", "Least tail ESS", "of"],
      rows: of.map(({ fit, rhat, bulk, tail }) => [
        name(fit),
        ...[rhat, bulk, tail].flatMap((x) => [x?.value ?? null, x?.variable ?? null]),
      ]),
    }),
  });
}

/** E-BFMI of each chain: below 0.3 the energies are badly explored (Betancourt 2016). */
const EBFMI = 0.3;

export function energyFigure(runs: readonly ReportRun[], simulated: boolean): Figure | undefined {
  const own = runs.filter(({ diagnostics }) => (diagnostics.ebfmi?.length ?? 0) > 0);
  if (own.length === 0) return undefined;
  const values = own.flatMap((run) => run.diagnostics.ebfmi!.map((value, chain) => ({ run, chain, value })));
  const least = values.toSorted((a, b) => a.value - b.value)[0]!;
  const low = values.filter(({ value }) => value < EBFMI).length;
  return figureOf({
    ...{ id: "energy", page: "diagnostics", title: "Energy of the chains (E-BFMI)", simulated },
    caption: () =>
      `Estimated Bayesian fraction of missing information of each chain of each fit; a dashed line at ${EBFMI}, below which energies are badly explored. ${low === 0 ? `All ${values.length} chains are above it` : `${low} of ${values.length} chains are below it`}; the smallest is ${fixed(least.value, 2)} (chain ${least.chain + 1} of ${least.run.id}).`,
    panels: (options) => {
      const { svg, height } = dotPlot(
        {
          label: "E-BFMI",
          rules: [EBFMI],
          include: [0, EBFMI],
          pitch: 18,
          dots: values.map(({ run, chain, value }) => ({
            ...{ row: run.id, x: value, symbol: symbolOf(0) },
            colour: value < EBFMI ? "#D55E00" : "currentColor",
            text: `${run.id}, chain ${chain + 1}: ${fixed(value, 3)}`,
          })),
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Fit", "Chain", "E-BFMI"],
      rows: values.map(({ run, chain, value }) => [run.id, chain + 1, value]),
    }),
  });
}

/** Reliability of PSIS-LOO: observations by their Pareto k. */
export function paretoFigure(runs: readonly ReportRun[], simulated: boolean): Figure | undefined {
  const own = runs.flatMap((run) => (run.loo ? [{ run, loo: run.loo }] : []));
  if (own.length === 0) return undefined;
  const share = (n: number, rows: number): number => (100 * n) / (rows || 1);
  const bad = own.reduce((sum, { loo }) => sum + loo.k.bad + loo.k.very_bad, 0);
  const rows = own.reduce((sum, { loo }) => sum + loo.rows, 0);
  return figureOf({
    ...{ id: "pareto-k", page: "diagnostics", title: "Can LOO be relied on (Pareto k)", simulated },
    caption: () =>
      `Observations of each fit whose Pareto k is above the threshold (circles; ${own
        .map(({ loo }) => fixed(loo.k.threshold, 2))
        .filter((t, i, all) => all.indexOf(t) === i)
        .join(
          " or ",
        )}, by the number of draws) and above 1 (squares), in percent: their leave-one-out density is unreliable. ${bad === 0 ? `There are none among ${whole(rows)}` : `There are ${whole(bad)} among ${whole(rows)}`} in ${own.length} ${own.length === 1 ? "fit" : "fits"}.`,
    legend: () => [
      { label: "k above the threshold", colour: "currentColor", symbol: "circle" },
      { label: "k above 1", colour: "#D55E00", symbol: "square" },
    ],
    panels: (options) => {
      const { svg, height } = dotPlot(
        {
          label: "percent of observations",
          rules: [0],
          include: [0, 1],
          dots: own.flatMap(({ run, loo }) =>
            [loo.k.bad + loo.k.very_bad, loo.k.very_bad].map((n, i) => ({
              ...{ row: run.id, x: share(n, loo.rows), symbol: symbolOf(i), shift: 0.3 * (i - 0.5) },
              colour: i === 0 ? "currentColor" : "#D55E00",
              text: `${run.id}: ${whole(n)} of ${whole(loo.rows)} with k above ${i === 0 ? fixed(loo.k.threshold, 2) : "1"}`,
            })),
          ),
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Fit", "Rows", "k good", "k bad", "k above 1", "Threshold", "elpd_loo", "SE", "p_loo"],
      rows: own.map(({ run, loo }) => [
        ...[run.id, loo.rows, loo.k.good, loo.k.bad, loo.k.very_bad, loo.k.threshold],
        ...[loo.elpd_loo.estimate, loo.elpd_loo.se, loo.p_loo.estimate],
      ]),
    }),
  });
}
