import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { figuresOf } from "../src/figures/figures.ts";
import type { Page, PageContext } from "../src/page/page.ts";
import { PAGES } from "../src/page/pages.ts";
import { Views } from "../src/page/view.ts";
import type { ReportData } from "../src/report-data.ts";
import { makeData } from "./figure-data.ts";
import { makeRun } from "./runs.ts";

// pages are built in a document without a browser: nothing is drawn in it, as nothing has a width
beforeAll(() => {
  const window = parseHTML("<!doctype html><html><head></head><body></body></html>");
  // linkedom reads a select's value, but cannot set it
  const { prototype } = window.HTMLSelectElement;
  const value = Object.getOwnPropertyDescriptor(prototype, "value")!;
  Object.defineProperty(prototype, "value", { ...value, set: () => {} });
  Object.assign(globalThis, {
    window,
    document: window.document,
    ResizeObserver: class {
      observe(): void {}
    },
  });
});

interface Built {
  readonly page: Page;
  readonly heading: string;
  readonly element: HTMLElement;
}

/** All pages of a report as the shell builds them. */
function build(data: ReportData, hash = ""): Built[] {
  const content = { data, figures: figuresOf(data) };
  const pages = PAGES.filter((page) => page.has(content));
  const place = { location: { hash }, addEventListener: () => {}, history: { replaceState: () => {} } };
  const views = new Views(
    pages.map(({ id }) => id),
    place as unknown as Window,
  );
  const context: PageContext = { ...content, views, announce: () => {} };
  return pages.map((page) => {
    const element = document.createElement("article");
    for (const child of page.build(context)) if (child) element.append(child);
    return { page, heading: page.heading(content), element };
  });
}

const pageOf = (built: readonly Built[], id: string): Built => built.find(({ page }) => page.id === id)!;

const textOf = ({ element }: Built): string => element.textContent!.replace(/\s+/g, " ");

/** What text from data must never become. */
const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;

/** The same data with a hostile text put into every name. */
function hostile(data: ReportData): ReportData {
  const spoil = (text: string): string => `${text}${HOSTILE}`;
  return {
    ...data,
    title: HOSTILE,
    ...(data.flow && {
      flow: {
        steps: data.flow.steps.map((step) => ({ ...step, step: HOSTILE, reason: HOSTILE })),
        notes: [],
      },
    }),
    ...(data.overview && {
      overview: {
        ...data.overview,
        attributes: data.overview.attributes.map((a) => ({ ...a, name: spoil(a.name) })),
        raters: data.overview.raters.map(({ question, counts }) => ({
          question: spoil(question),
          counts: counts.map(({ users }) => ({ answer: HOSTILE, users })),
        })),
        models: data.overview.models.map((model) => ({ ...model, name: spoil(model.name) })),
      },
    }),
    runs: data.runs.map((run) => ({
      ...run,
      id: spoil(run.id),
      manifest: {
        ...run.manifest,
        label: spoil(run.manifest.label),
        formula: run.manifest.formula.replace("~", `~ \`${HOSTILE}\` +`),
        groups: run.manifest.groups.map((group) => ({ ...group, name: spoil(group.name) })),
        priors: { ...run.manifest.priors, [spoil("b_x")]: HOSTILE },
      },
      summary: {
        ...run.summary,
        variables: Object.fromEntries(
          Object.entries(run.summary.variables).map(([name, v]) => [
            name.replace(/\[.*,/, `[${HOSTILE},`).replace(/^b_(?!Intercept)/, `b_${HOSTILE}`),
            v,
          ]),
        ),
      },
      diagnostics: { ...run.diagnostics, warnings: [HOSTILE] },
    })),
    ...(data.results && {
      results: {
        ...data.results,
        fits: data.results.fits.map((fit) => ({
          ...fit,
          ...{ id: spoil(fit.id), title: HOSTILE, label: spoil(fit.label), notes: [HOSTILE] },
        })),
        rows: data.results.rows.map((row) => ({
          ...row,
          ...{ fit: spoil(row.fit), conversation_type: spoil(row.conversation_type), explanation: HOSTILE },
          ...{ term: spoil(row.term), variable: spoil(row.variable), difference_se: 4 },
        })),
        skipped: [{ id: HOSTILE, analysis: HOSTILE, reason: HOSTILE }],
      },
    }),
  };
}

describe("the pages of a plan", () => {
  it("are all there, each with its answer for a heading", () => {
    const built = build(makeData());
    expect(built.map(({ page }) => page.id)).toEqual([
      ...["found", "figures", "tables", "moderation", "prompts", "distributions"],
      ...["robustness", "data", "diagnostics", "methods", "downloads"],
    ]);
    for (const { heading, element, page } of built) {
      expect(heading, page.id).not.toMatch(/undefined|NaN|\[object|null/);
      expect(element.textContent, page.id).not.toMatch(/undefined|NaN|\[object/);
      expect(element.children.length, page.id).toBeGreaterThan(0);
    }
  });

  it("link every sentence about a coefficient to a row of the tables", () => {
    const built = build(makeData());
    const ids = new Set([...pageOf(built, "tables").element.querySelectorAll("tr[id]")].map((row) => row.id));
    const links = [...pageOf(built, "found").element.querySelectorAll(".sentences a")]
      .map((link) => new URLSearchParams(link.getAttribute("href")!.split("?")[1]).get("row"))
      .filter((row) => row !== null);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((row) => !ids.has(row))).toEqual([]);
  });

  it("follow the numbers", () => {
    const data = makeData();
    const of = (changed: ReportData) => {
      const built = build(changed);
      return { found: pageOf(built, "found"), tables: pageOf(built, "tables") };
    };
    const before = of(data);
    const results = data.results!;
    // the largest effect turns its sign, and a row moves away from its published one
    const rows = results.rows.map((row, i) =>
      i === 0
        ? {
            ...row,
            ours: { ...row.ours, estimate: -5, post_prob: 0 },
            plus_tenth: { ...row.plus_tenth, ratio: 0.6, lower: 0.55, upper: 0.65 },
            ...{ difference_se: -7, explanation: "It was changed." },
          }
        : row,
    );
    const after = of({ ...data, results: { ...results, rows } });
    expect(before.found.heading).toMatch(/rise with nuanced reasoning/);
    expect(after.found.heading).toMatch(/fall with nuanced reasoning/);
    expect(textOf(after.found)).toContain("0.1 more nuanced reasoning goes with 40.0% lower odds");
    expect(textOf(before.found)).not.toContain("40.0% lower odds");
    expect(textOf(after.tables)).toContain("It was changed.");
    const far = (built: Built) => built.element.querySelectorAll("td.far").length;
    expect(far(after.tables)).toBe(far(before.tables) + 1);
  });

  it("hold no markup from names", () => {
    for (const { page, element } of build(hostile(makeData()))) {
      expect(element.querySelectorAll("img, script, [onerror]").length, page.id).toBe(0);
      // it is there, as text
      if (page.id !== "downloads") expect(element.textContent, page.id).toContain("<img src=x");
    }
  });
});

describe("the pages of one fit", () => {
  it("say what was found, and link to its parameters", () => {
    const built = build({ title: "Ratings", created: "", version: "", runs: [makeRun("all")] });
    const found = pageOf(built, "found");
    expect(found.heading).toBe("highest rises with A");
    const href = found.element.querySelector(".sentences a")!.getAttribute("href")!;
    const row = new URLSearchParams(href.split("?")[1]).get("row")!;
    const pointed = [...pageOf(built, "tables").element.querySelectorAll("tr")].find(({ id }) => id === row);
    expect(pointed!.textContent).toMatch(/^Aall1\.1/);
    for (const each of built) expect(textOf(each), each.page.id).not.toMatch(/PRISM|PAPER|published|prompt/);
  });
});
