import { fixed } from "../rounding.ts";
import { responseOf, scaleName } from "../sentences.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { type Fit, figureId } from "./fits.ts";
import { coefficientsOf, levelsOf } from "./levels.ts";
import { symbolOf } from "./series.ts";

/** Effects of the levels of a fit's small groups, the largest first; a figure for each coefficient that varies. */
export function levelFigures(fit: Fit, prefix: string): Figure[] {
  const { run } = fit;
  return run.manifest.groups.flatMap(({ name: group }) =>
    coefficientsOf(run, group).flatMap((coefficient) => {
      const levels = levelsOf(run, group, coefficient);
      if (levels.length < 2) return [];
      const of = coefficient === "Intercept" ? "" : `${coefficient} in `;
      const unit = scaleName(run.manifest.family);
      return [
        figureOf({
          id: figureId(`levels-${prefix}-${group}${coefficient === "Intercept" ? "" : `-${coefficient}`}`),
          page: "data",
          title: `Effects of ${group} on ${of}${responseOf(run)}`,
          simulated: run.manifest.simulated,
          caption: () => {
            const clear = levels.filter(({ q5, q95 }) => q5 > 0 || q95 < 0).length;
            const [top, bottom] = [levels[0]!, levels.at(-1)!];
            return `Effects of ${levels.length} levels of ${group} on ${of}${responseOf(run)} (${fit.subset}), medians with 90% intervals in ${unit}: ${clear} of ${levels.length} ${clear === 1 ? "is" : "are"} clear of 0; highest is ${top.level} (${fixed(top.median, 2)}), lowest ${bottom.level} (${fixed(bottom.median, 2)}).`;
          },
          panels: (options) => {
            const { svg, height } = dotPlot(
              {
                label: `effect, ${unit}`,
                dots: levels.map(({ level, median, q5, q95 }) => ({
                  ...{ row: level, x: median, lower: q5, upper: q95 },
                  ...{ colour: "#0072B2", symbol: symbolOf(0) },
                  text: `${level}\nmedian ${fixed(median, 3)}, 90% interval ${fixed(q5, 3)} to ${fixed(q95, 3)}`,
                })),
                rules: [0],
                include: [0],
                makers: true,
              },
              // short names fit beside their rows on a phone
              options,
              false,
              Math.min(options.width * 0.42, 230),
            );
            return { panels: [{ svg, x: 0, y: 0 }], height };
          },
          table: () => ({
            columns: ["Level", "Median", "5%", "95%"],
            rows: levels.map(({ level, median, q5, q95 }) => [level, median, q5, q95]),
          }),
        }),
      ];
    }),
  );
}
