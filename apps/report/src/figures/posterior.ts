import { INTERVALS, type PosteriorShape, type ReportRun } from "../report-data.ts";
import { known } from "../sentences.ts";
import type { ScaleView } from "./scale.ts";

/** A posterior as drawn: on the scale of the view. */
export interface Posterior {
  readonly median: number;
  /** Ends of the interval of mass `level`. */
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly q25: number | undefined;
  readonly q75: number | undefined;
  /** Outline, the highest point 1; empty where it is not known. */
  readonly outline: readonly { readonly x: number; readonly h: number }[];
}

/**
 * A variable of a run; undefined where it has no finite draws. Without a shape (single levels of groups, constant draws) the interval is
 * the summary's 90%, whatever was asked for.
 */
export function posteriorOf(
  run: ReportRun,
  variable: string,
  level: number,
  view: ScaleView,
): Posterior | undefined {
  const v = known(run.summary.variables[variable]);
  return v && drawn(v, run.shapes[variable], level, view);
}

/** The same from a summary and a shape. */
export function drawn(
  v: { readonly median: number; readonly q5: number; readonly q95: number },
  shape: PosteriorShape | undefined,
  level: number,
  view: ScaleView,
): Posterior {
  const ends = shape?.intervals[(INTERVALS as readonly number[]).indexOf(level)];
  return {
    median: view.apply(v.median),
    lower: view.apply(ends?.[0] ?? v.q5),
    upper: view.apply(ends?.[1] ?? v.q95),
    level: ends ? level : 0.9,
    q25: shape && view.apply(shape.q25),
    q75: shape && view.apply(shape.q75),
    outline: shape ? outlineOf(shape.density, view) : [],
  };
}

function outlineOf({ from, to, height }: PosteriorShape["density"], view: ScaleView): Posterior["outline"] {
  const points = height.map((h, i) => {
    const b = from + ((to - from) * i) / (height.length - 1);
    return { x: view.apply(b), h: h * view.jacobian(b) };
  });
  const top = Math.max(...points.map(({ h }) => h));
  return points.map(({ x, h }) => ({ x, h: h / top }));
}

/** Whether the interval leaves out the view's zero. */
export const clearOf = ({ lower, upper }: Pick<Posterior, "lower" | "upper">, zero: number): boolean =>
  lower > zero || upper < zero;

/** `90% interval`. */
export const intervalName = (level: number): string => `${Number((100 * level).toPrecision(4))}% interval`;
