import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const AXES = { rows: "rows", raters: "groups", predictors: "predictors", chains: "chains" };
/** Okabe-Ito: an engine has the same colour in every panel. */
const COLOURS = {
  simd: "#0072B2",
  "simd-float32": "#56B4E9",
  wasm: "#E69F00",
  native: "#D55E00",
  cuda: "#009E73",
};
const WIDTH = 420;
const HEIGHT = 280;

/** Small multiples, families down, sizes across: seconds for 1,000 draws of all chains, both scales logarithmic. SVG text. */
export function growthFigure(rows) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const families = [...new Set(rows.map((row) => row.family))];
  const engines = Object.keys(COLOURS).filter((engine) => rows.some((row) => row.engine === engine));
  const seconds = rows.map((row) => row.seconds_per_1000);
  const range = [Math.min(...seconds) / 1.5, Math.max(...seconds) * 1.5];
  const panels = families.flatMap((family, down) =>
    Object.entries(AXES).map(([axis, label], across) => {
      const data = rows.filter((row) => row.family === family && row.axis === axis);
      const ends = apart(
        engines.flatMap((engine) => data.filter((row) => row.engine === engine).slice(-1)),
        (Math.log(range[1] / range[0]) * 13) / (HEIGHT - 58),
      );
      const svg = Plot.plot({
        document,
        width: WIDTH,
        height: HEIGHT,
        marginRight: 92,
        marginLeft: 48,
        marginBottom: 38,
        style: { fontFamily: "system-ui, sans-serif", fontSize: "12px" },
        x: {
          type: "log",
          label,
          labelAnchor: "center",
          labelArrow: "none",
          ticks: [...new Set(data.map((row) => row.value))],
          tickFormat: "~s",
        },
        y: {
          type: "log",
          domain: range,
          label: `${family}: s for 1,000 draws of all chains`,
          labelArrow: "none",
          ticks: 5,
          tickFormat: "~g",
        },
        color: { domain: engines, range: engines.map((engine) => COLOURS[engine]) },
        marks: [
          Plot.gridY({ strokeOpacity: 0.08, ticks: 5 }),
          Plot.line(data, {
            x: "value",
            y: "seconds_per_1000",
            z: "engine",
            stroke: "engine",
            strokeWidth: 1.8,
          }),
          Plot.dot(data, { x: "value", y: "seconds_per_1000", fill: "engine", r: 3 }),
          Plot.text(ends, {
            x: "value",
            y: "label",
            text: "engine",
            fill: "engine",
            textAnchor: "start",
            dx: 7,
          }),
        ],
      });
      // Plot's own style sheet sets `height: auto`, which would stretch a panel inside the figure
      svg.querySelector("style")?.remove();
      svg.setAttribute("x", String(across * WIDTH));
      svg.setAttribute("y", String(down * HEIGHT));
      return svg.outerHTML;
    }),
  );
  const width = WIDTH * Object.keys(AXES).length;
  const height = HEIGHT * families.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="white"/>${panels.join("")}</svg>\n`;
}

/** Places the lines' labels at their last points, a line of text apart on the logarithmic scale. */
function apart(ends, least) {
  let below = -Infinity;
  return ends
    .toSorted((a, b) => a.seconds_per_1000 - b.seconds_per_1000)
    .map((row) => {
      below = Math.max(Math.log(row.seconds_per_1000), below + least);
      return { ...row, label: Math.exp(below) };
    });
}
