import { didYouMean, listNames } from "../frame/near-names.ts";
import type { Plan, PlannedFit, PlannedHypothesis } from "./plan.ts";
import type { ElpdComparison, PublishedRow } from "./results.ts";
import { YamlText, type YamlValue } from "./yaml-text.ts";

export const PUBLISHED_FORMAT = "bridgewise-published/1";

type PublishedDifference = NonNullable<ElpdComparison["published"]>;

/** What was published of a plan's analyses. */
export interface Published {
  readonly source: string | null;
  /** As in the file, in its order. */
  readonly rows: readonly PublishedRow[];
  /** The row of a fit's hypothesis; null where none was published. */
  rowOf(
    fit: Pick<PlannedFit, "analysis" | "subset" | "dv">,
    hypothesis: Pick<PlannedHypothesis, "term">,
  ): PublishedRow | null;
  /** The difference of a comparison; null where none was published. */
  differenceOf(comparison: string): PublishedDifference | null;
}

/**
 * Reads a plan's published rows from JSON (format `bridgewise-published/1`). Each must belong to one hypothesis of the plan, by
 * analysis, `conversation_type` (the subset, `all` where there is none), `dv` and term, and have its direction; no two to the same.
 * Whatever is wrong is an InputError with its place. `source`: the file's name, for messages.
 */
export function parsePublished(text: string, source: string, plan: Plan): Published {
  const { root } = new YamlText(text, source, "the file");
  const fields = root.fields(["format", "source", "interval", "rows", "comparisons"]);
  const format = fields.need("format");
  if (format.text() !== PUBLISHED_FORMAT)
    format.fail(`the format is '${format.text()}', expected ${PUBLISHED_FORMAT}`);
  const rows = new Map<string, PublishedRow>();
  for (const item of fields.need("rows").items()) {
    const row = readRow(item);
    const key = keyOf(row.analysis, row.conversation_type ?? "all", row.dv ?? null, row.term);
    if (rows.has(key)) item.fail(`${item.name}, '${row.term}', is published twice; leave one out`);
    checkPlanned(item, row, plan);
    rows.set(key, row);
  }
  const differences = new Map<string, PublishedDifference>();
  for (const item of fields.get("comparisons")?.items() ?? []) {
    const comparison = item.fields(["id", "elpd_diff", "se_diff"]);
    const id = comparison.need("id");
    nameAmong(
      id,
      id.text(),
      plan.comparisons.map((planned) => planned.id),
      "the plan has no comparison",
    );
    differences.set(id.text(), {
      elpd_diff: comparison.need("elpd_diff").number(),
      se_diff: comparison.need("se_diff").number(),
    });
  }
  return {
    source: fields.get("source")?.text() ?? null,
    rows: [...rows.values()],
    rowOf: ({ analysis, subset, dv }, { term }) => rows.get(keyOf(analysis, subset, dv, term)) ?? null,
    differenceOf: (comparison) => differences.get(comparison) ?? null,
  };
}

const keyOf = (...parts: (string | null)[]): string => JSON.stringify(parts);

function readRow(item: YamlValue): PublishedRow {
  const fields = item.fields([
    ...(["term", "direction", "estimate", "est_error", "ci_lower", "ci_upper"] as const),
    ...(["evidence_ratio", "post_prob", "star", "analysis", "conversation_type", "dv"] as const),
  ]);
  const star = fields.need("star");
  const type = fields.get("conversation_type");
  const dv = fields.get("dv");
  const error = fields.need("est_error");
  if (!(error.number() > 0)) error.fail(`${error.name} is ${error.number()}; a standard error is above 0`);
  return {
    term: fields.need("term").text(),
    direction: fields.need("direction").oneOf(["<", ">"]),
    estimate: fields.need("estimate").number(),
    est_error: error.number(),
    ci_lower: fields.need("ci_lower").number(),
    ci_upper: fields.need("ci_upper").number(),
    evidence_ratio: fields.need("evidence_ratio").numberOrNull(),
    post_prob: fields.need("post_prob").number(),
    star: star.isEmptyText() ? "" : star.text(),
    analysis: fields.need("analysis").text(),
    ...(type && { conversation_type: type.text() }),
    ...(dv && { dv: dv.text() }),
  };
}

/** The hypothesis of the plan that a row is about must be there. */
function checkPlanned(item: YamlValue, row: PublishedRow, plan: Plan): void {
  const ids = plan.analyses.map(({ id }) => id);
  nameAmong(item, row.analysis, ids, "the plan has no analysis");
  const { fits } = plan.analyses.find(({ id }) => id === row.analysis)!;
  const subset = row.conversation_type ?? "all";
  const analysis = `analysis '${row.analysis}' has no`;
  nameAmong(
    item,
    subset,
    fits.map((fit) => fit.subset),
    `${analysis} subset`,
  );
  const ofSubset = fits.filter((fit) => fit.subset === subset);
  const dv = row.dv ?? null;
  const fit = ofSubset.find((each) => each.dv === dv);
  if (fit === undefined) {
    const names = ofSubset.map((each) => each.dv ?? "(none)");
    nameAmong(item, dv ?? "(none)", names, `${analysis} response`);
    return;
  }
  nameAmong(
    item,
    row.term,
    fit.hypotheses.map(({ term }) => term),
    `the fit '${fit.id}' has no hypothesis of`,
  );
  const { direction } = fit.hypotheses.find(({ term }) => term === row.term)!;
  if (direction !== row.direction)
    item.fail(
      `'${row.term}' is published with ${row.direction} 0, and the fit '${fit.id}' tests ${direction} 0; mend one of them`,
    );
}

function nameAmong(place: YamlValue, name: string, names: readonly string[], without: string): void {
  if (!names.includes(name))
    place.fail(
      `${place.name}: ${without} '${name}'; ${didYouMean(name, names)}it has ${listNames(new Set(names))}`,
    );
}
