import { fixed } from "../rounding.ts";
import { responseOf, scaleName } from "../sentences.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { type Fit, figureId } from "./fits.ts";
import { coefficientsOf, type Level, levelsOf } from "./levels.ts";
import { clearOf, intervalName } from "./posterior.ts";
import { symbolOf } from "./series.ts";

/** Effects of the levels of a fit's small groups, the largest first; a figure for each coefficient that varies. */
export function levelFigures(fit: Fit, prefix: string): Figure[] {
  const { run } = fit;
  return run.manifest.groups.flatMap(({ name: group }) =>
    coefficientsOf(run, group).flatMap((coefficient) => {
      const at = (level: number): Level[] => levelsOf(run, group, coefficient, level);
      if (at(0.9).length < 2) return [];
      const of = coefficient === "Intercept" ? "" : `${coefficient} in `;
      const unit = scaleName(run.manifest.family);
      return [
        figureOf({
          id: figureId(`levels-${prefix}-${group}${coefficient === "Intercept" ? "" : `-${coefficient}`}`),
          page: "data",
          title: `Effects of ${group} on ${of}${responseOf(run)}: ${run.id}`,
          simulated: run.manifest.simulated,
          caption: (options) => {
            const levels = at(options.level);
            const clear = levels.filter((level) => clearOf(level, 0)).length;
            const [top, bottom] = [levels[0]!, levels.at(-1)!];
            return `Effects of ${levels.length} levels of ${group} on ${of}${responseOf(run)} (${fit.subset}), medians with ${intervalName(top.mass)}s in ${unit}: ${clear} of ${levels.length} ${clear === 1 ? "is" : "are"} clear of 0; highest is ${top.level} (${fixed(top.median, 2)}), lowest ${bottom.level} (${fixed(bottom.median, 2)}).`;
          },
          panels: (options) => {
            const { svg, height } = dotPlot(
              {
                label: `effect, ${unit}`,
                dots: at(options.level).map(({ level, median, lower, upper, mass }) => ({
                  ...{ row: level, x: median, lower, upper },
                  ...{ colour: "#0072B2", symbol: symbolOf(0) },
                  text: `${level}\nmedian ${fixed(median, 3)}, ${intervalName(mass)} ${fixed(lower, 3)} to ${fixed(upper, 3)}`,
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
          table: (options) => {
            const levels = at(options.level);
            return {
              columns: ["Level", "Median", `${intervalName(levels[0]!.mass)}, lower`, "upper"],
              rows: levels.map(({ level, median, lower, upper }) => [level, median, lower, upper]),
            };
          },
        }),
      ];
    }),
  );
}
