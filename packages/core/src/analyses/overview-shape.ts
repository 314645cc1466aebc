import { count, finite, flag, list, literal, nullable, object, type Shape, text } from "../run/shape.ts";
import type { AttributeDistribution, DataOverview, DistributionPart } from "./overview.ts";

const part = object<DistributionPart>({
  subset: text,
  n: count,
  mean: finite,
  sd: finite,
  quantiles: list(finite),
  histogram: object<DistributionPart["histogram"]>({ from: finite, to: finite, counts: list(finite) }),
});

/** overview.json */
export const overviewShape: Shape<DataOverview> = object<DataOverview>({
  format: literal("bridgewise-overview/1"),
  simulated: flag,
  rows: count,
  attributes: list(object<AttributeDistribution>({ name: text, parts: list(part) })),
  correlations: object<DataOverview["correlations"]>({ names: list(text), matrix: list(list(finite)) }),
  raters: list(
    object<DataOverview["raters"][number]>({
      question: text,
      counts: list(object<DataOverview["raters"][number]["counts"][number]>({ answer: text, users: count })),
    }),
  ),
  models: list(
    object<DataOverview["models"][number]>({
      name: text,
      responses: count,
      mean_score: nullable(finite),
      chosen: nullable(finite),
    }),
  ),
});
