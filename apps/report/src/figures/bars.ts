import * as Plot from "@observablehq/plot";
import { whole } from "../rounding.ts";
import type { FigureOptions } from "./figure.ts";
import { hover, plot } from "./plot.ts";
import { PAPER } from "./style.ts";
import { fitText, textWidth } from "./text-width.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Written at the bar's end. */
  readonly label: string;
  /** A hollow mark on the same axis: a published count. */
  readonly mark?: number;
}

const PITCH = 34;

const written = ({ label, mark }: Bar): string[] => [label, ...(mark === undefined ? [] : [whole(mark)])];

/** Horizontal bars, names above them: long names have room at every width. */
export function bars(
  items: readonly Bar[],
  options: FigureOptions,
  colour = "#0072B2",
): { svg: SVGSVGElement; height: number } {
  const { width } = options;
  const height = items.length * PITCH + 8;
  const right = Math.max(30, ...items.flatMap(written).map((text) => textWidth(text, 11))) + 10;
  const end = Math.max(1, ...items.flatMap(({ value, mark = 0 }) => [value, mark]));
  const px = (value: number): number => ((width - 2 - right) * value) / end;
  // the bar's number stands after a mark that would lie on it
  const near = ({ value, mark, label }: Bar): boolean =>
    mark !== undefined && mark >= value && px(mark) - px(value) < textWidth(label, 11) + 14;
  const place = new Map(items.map((bar, i) => [bar, i]));
  const top = (bar: Bar): number => place.get(bar)! * PITCH;
  const svg = plot(options, {
    width,
    height,
    marginTop: 2,
    marginBottom: 6,
    marginLeft: 2,
    marginRight: right,
    x: { axis: null, domain: [0, end] },
    y: { axis: null, domain: [items.length * PITCH, 0] },
    marks: [
      Plot.rect(items, {
        x1: 0,
        x2: "value",
        y1: (d: Bar) => top(d) + 17,
        y2: (d: Bar) => top(d) + 29,
        fill: colour,
        fillOpacity: 0.75,
      }),
      Plot.dot(
        items.filter(({ mark }) => mark !== undefined),
        {
          x: "mark",
          y: (d: Bar) => top(d) + 23,
          r: 3.4,
          stroke: "currentColor",
          fill: PAPER,
          strokeWidth: 1.3,
        },
      ),
      Plot.text(items, {
        y: (d: Bar) => top(d) + 9,
        text: (d: Bar) => fitText(d.name, width - 8),
        frameAnchor: "left",
        textAnchor: "start",
      }),
      Plot.text(items, {
        x: (d: Bar) => (near(d) ? d.mark! : d.value),
        y: (d: Bar) => top(d) + 23,
        text: "label",
        textAnchor: "start",
        dx: 7,
        fontSize: 11,
      }),
      Plot.text(
        items.filter((d) => d.mark !== undefined && d.mark > d.value && !near(d)),
        {
          x: "mark",
          y: (d: Bar) => top(d) + 23,
          text: (d: Bar) => whole(d.mark!),
          textAnchor: "start",
          dx: 7,
          fontSize: 11,
        },
      ),
      ...hover(options, items, {
        x: (d) => d.value,
        y: (d) => top(d) + 23,
        text: (d) => `${d.name}: ${d.label}${d.mark === undefined ? "" : `; published ${whole(d.mark)}`}`,
      }),
    ],
  });
  return { svg, height };
}
