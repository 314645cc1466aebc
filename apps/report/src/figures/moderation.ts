import type { Interaction } from "../interactions.ts";
import { fixed } from "../rounding.ts";
import { list, termName } from "../sentences.ts";
import { coefficientFigure } from "./coefficient-figure.ts";
import type { Figure } from "./figure.ts";
import { type Fit, simulatedIn } from "./fits.ts";
import { type Lane, laneLegend } from "./lane.ts";
import { clearOf, drawn, intervalName } from "./posterior.ts";
import { effectKind, scalesOf, unitOf, viewOf } from "./scale.ts";
import { halfEyePanels } from "./section-panels.ts";
import { sheet } from "./sheet.ts";

/** `youngerTRUE`: `younger`; in words. */
const moderatorName = (moderator: string): string => termName(moderator.replace(/TRUE$/, ""));

/** Interactions, under the moderator they belong to. */
export function interactionFigure(id: string, fit: Fit, interactions: readonly Interaction[]): Figure {
  const by = new Map(interactions.map((i) => [i.variable, i]));
  const moderators = [...new Set(interactions.map(({ moderator }) => moderator))];
  return coefficientFigure({
    ...{ id, page: "moderation", fits: [fit], by: "subset" },
    title: `Who prefers what: interactions with ${list(moderators.map(moderatorName))}`,
    terms: moderators.flatMap((m) =>
      interactions.filter(({ moderator }) => moderator === m).map(({ variable }) => variable),
    ),
    rowName: (term) => termName(by.get(term)?.slope ?? term),
    sectionOf: (term) => moderatorName(by.get(term)?.moderator ?? ""),
    about: `How much more an attribute counts for raters of a group than for the others: interactions of each attribute with ${list(moderators.map(moderatorName))}`,
  });
}

/**
 * Slopes of both groups: `b` where the moderator is 0 and `b + interaction` where it is 1, the other moderators at 0; undefined where the
 * run has no shapes of those sums (`slopes`).
 */
export function slopeFigure(id: string, fit: Fit, interactions: readonly Interaction[]): Figure | undefined {
  const { run } = fit;
  const known = interactions.filter(
    ({ variable, slope }) => run.slopes?.[variable] && run.summary.variables[`b_${slope}`],
  );
  if (known.length === 0) return undefined;
  const kind = effectKind(run);
  const moderators = [...new Set(known.map(({ moderator }) => moderator))];
  const view = (scale: Parameters<typeof viewOf>[0]) => viewOf(scale, kind, unitOf(run));
  const lanesOf = (options: Parameters<Figure["draw"]>[0]): Lane[] =>
    moderators.flatMap((m) =>
      known
        .filter(
          ({ moderator, variable }) => moderator === m && (options.variables?.includes(variable) ?? true),
        )
        .flatMap(({ variable, slope }): Lane[] => {
          const v = run.summary.variables[`b_${slope}`]!;
          const common = { row: termName(slope), section: moderatorName(m), run: run.id };
          const without = coefficientOf(v);
          const own = run.slopes![variable]!;
          return without
            ? [
                {
                  ...{ ...common, variable: `b_${slope}`, series: "others", colour: "currentColor" },
                  ...{ symbol: "circle" as const },
                  posterior: drawn(without, run.shapes[`b_${slope}`], options.level, view(options.scale)),
                },
                {
                  ...{ ...common, variable, series: "the group", colour: "#0072B2" },
                  ...{ symbol: "square" as const },
                  posterior: drawn(own, own.shape, options.level, view(options.scale)),
                },
              ]
            : [];
        }),
    );
  const title = "What an attribute counts for, in the group and outside it";
  const caption: Figure["caption"] = (options) => {
    const lanes = lanesOf(options);
    const word = intervalName(options.level);
    const zero = view(options.scale).zero;
    const turned = lanes.filter(
      (lane, i) =>
        i % 2 === 1 &&
        clearOf(lane.posterior, zero) &&
        clearOf(lanes[i - 1]!.posterior, zero) &&
        lane.posterior.median > zero !== lanes[i - 1]!.posterior.median > zero,
    );
    return `Slope of each attribute for raters outside a group (circles) and inside it (squares), the other groups at "no": medians with 50% and ${word}s, in ${view(options.scale).label}. ${turned.length === 0 ? `No slope is clearly of another sign inside a group than outside (by the ${word})` : `Of clearly another sign inside: ${list(turned.map(({ row, section, posterior }) => `${row} (${section}, ${fixed(posterior.median, 2)})`))}`}.`;
  };
  return {
    ...{ id, page: "moderation", title, scales: scalesOf(kind), caption },
    draw: (options) => {
      const lanes = lanesOf(options);
      return sheet({
        ...{ options, title, description: caption(options), simulated: simulatedIn([fit]) },
        legend: laneLegend(lanes, options.width),
        ...halfEyePanels(lanes, view(options.scale), options),
      });
    },
    table: (options) => ({
      columns: [
        "Moderator",
        "Attribute",
        "Raters",
        "Median",
        `${intervalName(options.level)}, lower`,
        "upper",
      ],
      rows: lanesOf(options).map(({ section, row, series, posterior: p }) => [
        ...[section!, row, series],
        ...[p.median, p.lower, p.upper],
      ]),
    }),
  };
}

const coefficientOf = (v: {
  median: number | null;
  q5: number | null;
  q95: number | null;
}): { median: number; q5: number; q95: number } | undefined =>
  v.median === null || v.q5 === null || v.q95 === null
    ? undefined
    : { median: v.median, q5: v.q5, q95: v.q95 };
