import type { Scale } from "../figures/figure.ts";
import { INTERVALS } from "../report-data.ts";
import { attributesOf, subsetsOf } from "./choices.ts";
import { button, choice, el } from "./dom.ts";
import type { PageContext } from "./page.ts";
import { SCALES } from "./view.ts";

const SCALE_NAMES: Record<Scale, string> = {
  coefficient: "coefficient b",
  ratio: "odds or score ratio, exp(b)",
  percent: "percent for +0.1",
};

export interface ControlOptions {
  /** Scales of the page's figures. */
  readonly scales?: readonly Scale[];
  readonly level?: boolean;
  readonly attributes?: boolean;
  readonly subsets?: boolean;
}

/** How the figures of a page are drawn; every control is a form element of the browser's own. Undefined where nothing can be chosen. */
export function controls(context: PageContext, options: ControlOptions): HTMLElement | undefined {
  const { views, data } = context;
  const scales = SCALES.filter((scale) => options.scales?.includes(scale));
  const scale = choice(
    "Scale",
    scales.map((value) => ({ value, text: SCALE_NAMES[value] })),
    (value) => views.change({ scale: SCALES.find((s) => s === value) ?? "coefficient" }),
  );
  const level = choice(
    "Interval",
    INTERVALS.map((mass) => ({ value: String(mass), text: `${Math.round(100 * mass)}%` })),
    (value) => views.change({ level: Number(value) }),
  );
  const parts = [
    scales.length > 1 && scale.element,
    options.level !== false && level.element,
    options.attributes !== false && several(context, "Attributes", "attributes", attributesOf(data)),
    options.subsets !== false && several(context, "Subsets", "subsets", subsetsOf(data)),
  ].filter((x) => x !== false && x !== undefined);
  if (parts.length === 0) return undefined;
  const update = (): void => {
    scale.set(views.view.scale);
    level.set(String(views.view.level));
  };
  update();
  views.subscribe(update);
  return el("form", { class: "controls", "aria-label": "How the figures are drawn" }, ...parts);
}

/** A list of boxes to tick, folded away; the summary tells how many are chosen. */
function several(
  { views }: PageContext,
  name: string,
  key: "attributes" | "subsets",
  all: readonly string[],
): HTMLElement | undefined {
  if (all.length < 2) return undefined;
  const summary = el("summary");
  const boxes = all.map((value) => {
    const box = el("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      const chosen = boxes.filter((other) => other.box.checked).map((other) => other.value);
      views.change({ [key]: chosen.length === all.length ? undefined : chosen });
    });
    return { value, box };
  });
  const update = (): void => {
    const chosen = views.view[key];
    for (const { value, box } of boxes) box.checked = chosen === undefined || chosen.includes(value);
    const count = boxes.filter(({ box }) => box.checked).length;
    summary.textContent = `${name}: ${count === all.length ? "all" : `${count} of ${all.length}`}`;
  };
  update();
  views.subscribe(update);
  return el(
    "details",
    { class: "several" },
    summary,
    el(
      "fieldset",
      {},
      el("legend", {}, name),
      ...boxes.map(({ value, box }) => el("label", {}, box, " ", value.replaceAll("_", " "))),
      el(
        "p",
        {},
        button("All", () => views.change({ [key]: undefined })),
        " ",
        button("None", () => views.change({ [key]: [] })),
      ),
    ),
  );
}
