import type { Figure, Scale } from "../../figures/figure.ts";
import { controls } from "../controls.ts";
import type { Child } from "../dom.ts";
import { figureView } from "../figure-view.ts";
import type { PageContent, PageContext } from "../page.ts";

/** The figures of a page, in their order. */
export const figuresOn = ({ figures }: PageContent, page: Figure["page"]): readonly Figure[] =>
  figures.filter((figure) => figure.page === page);

export const scalesOf = (figures: readonly Figure[]): readonly Scale[] => [
  ...new Set(figures.flatMap(({ scales }) => scales)),
];

/** Controls and figures, one after the other. */
export function figuresWithControls(
  context: PageContext,
  figures: readonly Figure[],
  choose: { attributes?: boolean; subsets?: boolean } = {},
): Child[] {
  return [
    controls(context, { scales: scalesOf(figures), ...choose }),
    ...figures.map((figure) => figureView(figure, context)),
  ];
}
