import { describe, expect, it } from "vitest";
import type { Figure, FigureOptions, FigureTable } from "../src/figures/figure.ts";
import { figuresOf } from "../src/figures/figures.ts";
import { INTERVALS, type ReportData, type ReportRun } from "../src/report-data.ts";
import { dotsIn, drawing, panelsIn, textBoxes, VIEW } from "./drawing.ts";
import { makeData, SUBSETS, TERMS } from "./figure-data.ts";
import { makeRun } from "./runs.ts";

const data = makeData();
const figures = figuresOf(data);
const figure = (id: string, among: readonly Figure[] = figures): Figure => {
  const found = among.find((one) => one.id === id);
  if (!found) throw new Error(`there is no figure ${id}`);
  return found;
};
const runOf = (id: string, of: ReportData = data): ReportRun => of.runs.find((run) => run.id === id)!;
const column = ({ columns, rows }: FigureTable, name: string): (string | number | null)[] => {
  expect(columns).toContain(name);
  return rows.map((row) => row[columns.indexOf(name)]!);
};
const medians = (id: string): number[] =>
  TERMS.map((term) => runOf(id).summary.variables[`b_${term}`]!.median!);
const close = (got: readonly unknown[], wanted: readonly number[], digits = 9): void => {
  expect(got).toHaveLength(wanted.length);
  for (const [i, x] of wanted.entries()) expect(got[i], `number ${i}`).toBeCloseTo(x, digits);
};

describe("the figures of a plan's output", () => {
  it("are all there, each once, in the order of the pages", () => {
    const ids = figures.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 2)).toEqual(["1a", "1a-subsets"]);
    const wanted = ["1a", "1b", "1c", ..."abcdefgh"].map((id) => (id.length === 1 ? `2${id}` : id));
    for (const id of [
      ...[
        ...wanted,
        "moderation",
        "2",
        "3",
        "correlations",
        "published",
        "alternatives-1a-all",
        "elpd",
        "vif",
      ],
      ...["sensitivity-priors-1a-all", "sensitivity-leave-one-out-1b-all", "sensitivity-noise-1a-all"],
      ...["flow", "raters", "models", "levels-1a-model-name", "convergence", "energy", "pareto-k"],
      ...["ranks-1a-all", "ppc-1a-all", "pit-1b-all", "calibration-1a-all", "level-means-1b-all"],
    ])
      expect(ids, id).toContain(id);
  });

  it("have titles that tell them apart", () => {
    const titles = figures.map(({ title }) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it.each(figures.map((one) => [one.id, one] as const))(
    "%s has a caption and a table of its numbers",
    (_, one) => {
      for (const scale of one.scales) {
        const options: FigureOptions = { ...VIEW, scale };
        expect(one.caption(options)).toMatch(/^[^a-z].{20,}[.]$/s);
        const { columns, rows } = one.table(options);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(row).toHaveLength(columns.length);
        for (const text of [one.title, one.caption(options), JSON.stringify(rows)])
          expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    },
  );

  it.each(figures.map((one) => [one.id, one] as const))(
    "%s is drawn within its width, with a name and a description, and says SIMULATED in all of them",
    (_, one) => {
      for (const width of [320, 720, 1100]) {
        const svg = drawing(one, { width });
        expect(svg.getAttribute("role")).toBe("img");
        expect(svg.getAttribute("aria-label")).toBe(`SIMULATED: ${one.title}`);
        const [title, description] = svg.children;
        expect([title!.localName, title!.textContent]).toEqual(["title", `SIMULATED: ${one.title}`]);
        expect([description!.localName, description!.textContent]).toEqual([
          "desc",
          `The data are SIMULATED. ${one.caption({ ...VIEW, width })}`,
        ]);
        expect(
          [...svg.children].some((child) => child.localName === "text" && child.textContent === "SIMULATED"),
        ).toBe(true);
        expect(svg.querySelectorAll("[aria-label]")).toHaveLength(0);
        expect(svg.outerHTML).not.toMatch(/NaN|undefined|\[object/);
        expect(Number(svg.getAttribute("width"))).toBe(width);
        const outside = textBoxes(svg).filter(({ left, right }) => left < -4 || right > width + 4);
        expect(outside, `at ${width} px`).toEqual([]);
      }
    },
  );

  it("do not say SIMULATED of data that are not", () => {
    const real = figuresOf(makeData({ simulated: false }));
    expect(real.map(({ id }) => id)).toEqual(figures.map(({ id }) => id));
    for (const one of real) {
      expect(drawing(one).outerHTML, one.id).not.toContain("SIMULATED");
      expect(one.caption(VIEW), one.id).not.toMatch(/simulated/i);
    }
  });
});

describe("posteriors", () => {
  it("stand at the runs' numbers, in the table and in the drawing", () => {
    const [panel] = panelsIn(drawing(figure("1a")));
    close(dotsIn(panel!, 3.6), medians("1a-all"), 6);
    // published means, hollow
    close(
      dotsIn(panel!, 3),
      data.results!.rows.filter(({ fit }) => fit === "1a-all").map(({ published }) => published!.estimate),
      6,
    );
    const table = figure("1a").table(VIEW);
    close(column(table, "Median (log-odds of highest per unit of the predictor)"), medians("1a-all"));
    const { shapes } = runOf("1a-all");
    close(
      column(table, "25%"),
      TERMS.map((term) => shapes[`b_${term}`]!.q25),
    );
    close(
      column(table, "Simulated truth"),
      TERMS.map((term) => runOf("1a-all").manifest.truth![`b_${term}`]!),
    );
  });

  it("are told as ratios and percents by the same formulas everywhere", () => {
    const told = {
      ratio: ["odds ratio per unit, exp(b)", Math.exp],
      percent: [
        "percent change in odds for +0.1, (exp(0.1 b) \u2212 1) \u00d7 100",
        (b: number) => 100 * (Math.exp(0.1 * b) - 1),
      ],
    } as const;
    for (const [scale, [label, apply]] of Object.entries(told)) {
      const options = { scale: scale as keyof typeof told };
      const wanted = medians("1a-all").map(apply);
      close(column(figure("1a").table({ ...VIEW, ...options }), `Median (${label})`), wanted);
      close(dotsIn(panelsIn(drawing(figure("1a"), options))[0]!, 3.6), wanted, 6);
    }
    expect(figure("1b").caption({ ...VIEW, scale: "ratio" })).toContain("score ratio per unit, exp(b)");
    // an attribute on a prompt's attribute is neither odds nor a score
    expect(figure("3").scales).toEqual(["coefficient"]);
  });

  it("have the intervals of the chosen width, and say which", () => {
    for (const [i, level] of INTERVALS.entries()) {
      const table = figure("1a").table({ ...VIEW, level });
      const word = `${100 * level}% interval`;
      const ends = TERMS.map((term) => runOf("1a-all").shapes[`b_${term}`]!.intervals[i]!);
      close(
        column(table, `${word}, lower`),
        ends.map(([lower]) => lower),
      );
      close(
        column(table, `${word}, upper`),
        ends.map(([, upper]) => upper),
      );
      expect(figure("1a").caption({ ...VIEW, level })).toContain(word);
    }
  });

  it("are those of the chosen attributes and subsets", () => {
    const chosen = { variables: ["b_RESPECT", "b_TOXICITY"], subsets: [SUBSETS[1]!, SUBSETS[3]!] };
    const table = figure("1b-subsets").table({ ...VIEW, ...chosen });
    expect(column(table, "Term")).toEqual(["RESPECT", "RESPECT", "TOXICITY", "TOXICITY"]);
    expect(column(table, "Subset")).toEqual([
      "unguided",
      "controversy guided",
      "unguided",
      "controversy guided",
    ]);
    // a choice of what a figure does not have leaves it whole
    expect(figure("1a").table({ ...VIEW, variables: ["b_x"] }).rows).toHaveLength(TERMS.length);
  });

  it("of parts stand beside each other on one axis where there is room, and under their headings where not", () => {
    const [wide, narrow] = [1100, 400].map((width) => drawing(figure("moderation"), { width }));
    const panels = panelsIn(wide!);
    expect(panels).toHaveLength(4);
    for (const panel of panels) expect(panel.scale("x").domain).toEqual(panels[0]!.scale("x").domain);
    const summary = runOf("2").summary.variables;
    for (const [k, moderator] of ["younger", "male", "white", "high_values"].entries())
      close(
        dotsIn(panels[k]!, 3.6),
        TERMS.map((term) => summary[`b_${term}:${moderator}TRUE`]!.median!),
        6,
      );
    expect(panelsIn(narrow!)).toHaveLength(1);
    const texts = textBoxes(narrow!).map(({ text }) => text);
    for (const name of ["younger", "male", "white", "high values"]) expect(texts).toContain(name);
  });
});

describe("single levels", () => {
  const level = (share: number): readonly (readonly [number, number])[] =>
    INTERVALS.map((mass) => [-mass * share, mass * share] as const);
  const made = makeRun("all");
  const variables = { ...made.summary.variables, sd_g__Intercept: made.summary.variables["b_A"]! };
  const run: ReportRun = {
    ...makeRun("all", { variables }),
    intervals: { "r_g[x,Intercept]": level(1), "r_g[y,Intercept]": level(2) },
  };
  const levels = (of: ReportRun): Figure =>
    figure("levels-highest-bernoulli-g", figuresOf({ title: "", created: "", version: "", runs: [of] }));

  it("have intervals of the chosen width where the report knows them", () => {
    expect(levels(run).table({ ...VIEW, level: 0.5 })).toEqual({
      columns: ["Level", "Median", "50% interval, lower", "upper"],
      rows: [
        ["x", 0.5, -0.5, 0.5],
        ["y", -0.5, -1, 1],
      ],
    });
    expect(levels(run).caption({ ...VIEW, level: 0.99 })).toContain("medians with 99% intervals");
  });

  it("have the summary's 90% intervals otherwise, and say so", () => {
    const { intervals: _, ...without } = run;
    const table = levels(without).table({ ...VIEW, level: 0.5 });
    expect(table.columns[2]).toBe("90% interval, lower");
    close(table.rows[0]!.slice(1), [0.5, 0.5 - 0.1645, 0.5 + 0.1645]);
    expect(levels(without).caption({ ...VIEW, level: 0.5 })).toContain("medians with 90% intervals");
  });
});

describe("other figures", () => {
  it("show the data's counts, ours against the published, and ranks as they are", () => {
    const share = figure("2a").table(VIEW);
    expect(column(share, "n")).toEqual(
      data
        .overview!.attributes.filter(({ name }) => name.startsWith("AFFINITY"))
        .flatMap(({ parts }) => parts.map(({ n }) => n)),
    );
    const rows = data.results!.rows.filter(({ published }) => published);
    close(
      column(figure("published").table(VIEW), "Published"),
      rows.map(({ published }) => published!.estimate),
    );
    close(
      column(figure("published").table(VIEW), "Ours"),
      rows.map(({ ours }) => ours.estimate),
    );
    const panel = panelsIn(drawing(figure("flow")))[0]!;
    expect(textBoxes(panel).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["68,371", "30,441", "30,195"]),
    );
    expect(column(figure("ranks-1a-all").table(VIEW), "Draws")).toEqual(
      Object.values(runOf("1a-all").ranks!).flat(2),
    );
  });

  it("draw predictors that overlap alike once, under the names of all their fits", () => {
    const vifs = [3, 1.5].flatMap((vif, k) =>
      ["a", "b"].map((fit) => ({ fit: k === 1 && fit === "b" ? "c" : fit, term: `b_T${k}`, vif })),
    );
    const results = { ...data.results!, vifs: [...vifs, { fit: "b", term: "b_T1", vif: 1.5 }] };
    const svg = drawing(figure("vif", figuresOf({ ...data, results })));
    const texts = textBoxes(svg).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["a, b", "c", "T0", "T1"]));
    expect(panelsIn(svg)[0]!.querySelectorAll("circle")).toHaveLength(2);
    expect(figure("vif", figuresOf({ ...data, results })).table(VIEW).rows).toHaveLength(5);
  });

  it("count no misfit where predictions have seen the responses, and do where they have not", () => {
    const caption = (kind: "plain" | "loo"): string => {
      const run = runOf("1b-all");
      const checks = run.checks!;
      const counts = [9, 10, 11, 30];
      const pit = { kind, counts, expected: 15 };
      const changed = { ...run, checks: { ...checks, predictive: { ...checks.predictive, pit } } };
      return figure("pit-1b-all", figuresOf({ ...data, runs: [changed] })).caption(VIEW);
    };
    expect(caption("loo")).toContain("1 of 4 bins lie outside it");
    expect(caption("plain")).not.toContain("outside");
    expect(caption("plain")).toContain("a hump with low ends is expected where the model is right");
    expect(caption("plain")).toContain("(about 8 effective parameters by LOO, for 90 rows)");
  });
});

describe("hostile names", () => {
  const HOSTILE = [
    `<script>globalThis.caught = 1</script>`,
    `"><img src=x onerror=alert(1)>`,
    `]]></desc></svg><svg onload=alert(1)>`,
    `&lt;b&gt;\u00a0&amp;`,
  ];
  const one = makeRun("all").summary.variables["b_A"]!;
  const named = HOSTILE.map((name): ReportRun => {
    const run = makeRun(name, {
      manifest: { formula: `${name} ~ A + (1 | g)`, groups: [{ name, levels: 2 }] },
      variables: {
        [`b_${name}`]: one,
        [`sd_${name}__Intercept`]: one,
        [`r_${name}[${name},Intercept]`]: one,
        [`r_${name}[y,Intercept]`]: one,
      },
    });
    return {
      ...run,
      ranks: {
        [`b_${name}`]: [
          [1, 2],
          [2, 1],
        ],
      },
    };
  });
  const hostile = figuresOf({ title: HOSTILE[0]!, created: "", version: "", runs: named });

  it("come out as text", () => {
    expect(hostile.length).toBeGreaterThan(8);
    const seen = new Set<string>();
    for (const shown of hostile) {
      const svg = drawing(shown, { width: 1100 });
      expect(svg.querySelectorAll("script, img, [onerror], [onload], foreignObject, a")).toHaveLength(0);
      const text = svg.textContent ?? "";
      for (const name of HOSTILE) if (text.includes(name)) seen.add(name);
      expect(shown.id).toMatch(/^[\p{L}\p{N}-]+$/u);
    }
    expect(seen.size).toBe(HOSTILE.length);
  });
});
