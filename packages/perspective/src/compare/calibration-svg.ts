import { fixed } from "@bridgewise/core";
import type { AttributeComparison } from "./compare-scores.ts";

const SIZE = 360;
const MARGIN = { left: 56, right: 16, top: 56, bottom: 48 };
/** Okabe & Ito's blue and grey, readable on white and on black. */
const BLUE = "#0072B2";
const GREY = "#999999";

/** Mean of B in tenths of the texts by A, beside the diagonal of equal scores; area of a point as its texts. */
export function calibrationSvg(comparison: AttributeComparison, a: string, b: string): string {
  const { attribute, texts, calibration, spearman, difference } = comparison;
  const width = MARGIN.left + SIZE + MARGIN.right;
  const height = MARGIN.top + SIZE + MARGIN.bottom;
  const x = (value: number): string => (MARGIN.left + SIZE * value).toFixed(1);
  const y = (value: number): string => (MARGIN.top + SIZE * (1 - value)).toFixed(1);
  const most = Math.max(1, ...calibration.map((bin) => bin.texts));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const parts = [
    `<title>${escaped(`${attribute}: ${b} by ${a}`)}</title>`,
    text(MARGIN.left, 22, `${attribute} in tenths of the texts`, 'font-size="14" font-weight="600"'),
    text(
      MARGIN.left,
      42,
      `${texts.toLocaleString("en")} texts; Spearman ${fixed(spearman.estimate, 3)}, mean difference ${fixed(difference.mean.estimate, 3)}`,
    ),
    ...ticks.flatMap((tick) => [
      `<path d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" stroke="${GREY}" stroke-opacity="0.25"/>`,
      text(x(tick), Number(y(0)) + 18, String(tick), 'text-anchor="middle"'),
      text(MARGIN.left - 8, Number(y(tick)) + 4, String(tick), 'text-anchor="end"'),
    ]),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="${GREY}" stroke-dasharray="4 4"/>`,
    `<polyline points="${calibration.map((bin) => `${x(bin.meanA)},${y(bin.meanB)}`).join(" ")}" fill="none" stroke="${BLUE}" stroke-opacity="0.5"/>`,
    ...calibration.map(
      (bin) =>
        `<circle cx="${x(bin.meanA)}" cy="${y(bin.meanB)}" r="${(2 + 4 * Math.sqrt(bin.texts / most)).toFixed(1)}" fill="${BLUE}"/>`,
    ),
    text(MARGIN.left + SIZE / 2, height - 10, `mean of ${a}; dashed: equal`, 'text-anchor="middle"'),
    `<g transform="translate(14 ${MARGIN.top + SIZE / 2}) rotate(-90)">${text(0, 0, `mean of ${b}`, 'text-anchor="middle"')}</g>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#555555">
${parts.join("\n")}
</svg>
`;
}

const text = (x: number | string, y: number, words: string, rest = ""): string =>
  `<text x="${x}" y="${y}" ${rest}>${escaped(words)}</text>`;

const escaped = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
