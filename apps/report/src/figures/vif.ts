import { fixed } from "../rounding.ts";
import { termName } from "../sentences.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { symbolOf } from "./series.ts";
import { colourOf } from "./style.ts";

interface Vif {
  readonly fit: string;
  readonly term: string;
  readonly vif: number;
}

/** Fits of the same predictors and rows have the same factors: they are one series. */
function alikeOf(
  vifs: readonly Vif[],
): { readonly names: readonly string[]; readonly own: readonly Vif[] }[] {
  const by = new Map<string, { names: string[]; own: Vif[] }>();
  for (const fit of new Set(vifs.map((one) => one.fit))) {
    const own = vifs.filter((one) => one.fit === fit);
    const key = JSON.stringify(own.map(({ term, vif }) => [term, fixed(vif, 6)]));
    const known = by.get(key);
    if (known) known.names.push(fit);
    else by.set(key, { names: [fit], own });
  }
  return [...by.values()];
}

/** Variance inflation: above 5 a coefficient is hard to tell from the others', above 10 hardly at all. */
export function vifFigure(vifs: readonly Vif[], simulated: boolean): Figure {
  const fits = [...new Set(vifs.map(({ fit }) => fit))];
  const terms = [...new Set(vifs.map(({ term }) => term))];
  const alike = alikeOf(vifs);
  const most = vifs.toSorted((a, b) => b.vif - a.vif)[0];
  const above = vifs.filter(({ vif }) => vif > 5).length;
  return figureOf({
    ...{ id: "vif", page: "robustness", title: "How much predictors overlap", simulated },
    caption: () =>
      `Variance inflation factors of ${fits.length === 1 ? fits[0] : `${fits.length} fits`}: 1 where a predictor is uncorrelated with the others; dashed lines at 5 and 10, the customary limits. ${above === 0 ? "None is above 5" : `${above} of ${vifs.length} ${above === 1 ? "is" : "are"} above 5`}${most ? `; the largest is ${fixed(most.vif, 1)} (${termName(most.term)}${fits.length > 1 ? ` in ${most.fit}` : ""})` : ""}.`,
    legend: () =>
      alike.length > 1
        ? alike.map(({ names }, i) => ({
            ...{ label: names.join(", "), colour: colourOf(i), symbol: symbolOf(i) },
          }))
        : [],
    panels: (options) => {
      const { svg, height } = dotPlot(
        {
          label: "variance inflation factor",
          rows: terms.map(termName),
          pitch: 14 + 8 * alike.length,
          dots: alike.flatMap(({ names, own }, i) =>
            own.map(({ term, vif }) => ({
              ...{ row: termName(term), x: vif, colour: colourOf(i), symbol: symbolOf(i) },
              shift: 0.7 * ((i + 0.5) / alike.length - 0.5),
              text: `${termName(term)}: ${fixed(vif, 2)}\n${names.join(", ")}`,
            })),
          ),
          rules: [5, 10].filter((limit) => limit < 2 * (most?.vif ?? 0) || limit === 5),
          include: [1, 5],
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Fit", "Term", "VIF"],
      rows: vifs.map(({ fit, term, vif }) => [fit, termName(term), vif]),
    }),
  });
}
