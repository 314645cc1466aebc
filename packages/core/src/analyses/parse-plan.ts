import { didYouMean, listNames } from "../frame/near-names.ts";
import { DEFAULT_SETTINGS, readSettings, SETTING_KEYS } from "./fit-settings.ts";
import type { Plan, PlannedComparison, PlannedFit } from "./plan.ts";
import { type ReadAnalysis, readAnalysis } from "./planned-analyses.ts";
import { readDerived, readLists, readSets, readSubsetMap, readTexts } from "./planned-columns.ts";
import { type ReadSensitivity, readSensitivity } from "./planned-sensitivity.ts";
import { YamlText, type YamlValue } from "./yaml-text.ts";

export const PLAN_FORMAT = "bridgewise-plan/1";

const KEYS = [
  "format",
  "title",
  "source",
  "published",
  "defaults",
  "columns",
  "levels",
  "derive",
  "subsets",
  "sets",
  "analyses",
  "comparisons",
  "sensitivity",
] as const;

/**
 * Reads a plan from its YAML text (format `bridgewise-plan/1`, see docs/plans.md) and checks all of it that can be checked without
 * data: keys, types, names, formulas, priors, expressions. What a person has to mend is an InputError with file, line and column.
 * `source`: the file's name, for messages.
 */
export function parsePlan(text: string, source: string): Plan {
  const { root } = new YamlText(text, source, "the plan");
  const fields = root.fields(KEYS);
  const format = fields.need("format");
  if (format.text() !== PLAN_FORMAT)
    format.fail(`the format is '${format.text()}', expected ${PLAN_FORMAT}; write format: ${PLAN_FORMAT}`);
  const optional = <T>(key: (typeof KEYS)[number], read: (value: YamlValue) => T, otherwise: T): T => {
    const value = fields.get(key);
    return value === undefined ? otherwise : read(value);
  };
  const title = fields.need("title").text();
  const settings = optional(
    "defaults",
    (map) => readSettings(map.fields(SETTING_KEYS), DEFAULT_SETTINGS),
    DEFAULT_SETTINGS,
  );
  const subsets = optional("subsets", readSubsetMap, []);
  const sets = optional("sets", readSets, new Map());
  const analyses = fields
    .need("analyses")
    .items()
    .map((entry) => readAnalysis(entry, { settings, subsets, sets }));
  const sensitivity = optional(
    "sensitivity",
    (list) => list.items().map((entry) => readSensitivity(entry, sets)),
    [],
  );
  checkIds(analyses, sensitivity);
  const fits = analyses.flatMap(({ analysis }) => analysis.fits);
  for (const { base } of analyses) if (base !== null) fitNamed(base, fits);
  for (const { of } of sensitivity) for (const fit of of) fitNamed(fit, fits);
  return {
    file: source,
    title,
    source: optional("source", (value) => value.text(), null),
    published: optional("published", (value) => value.text(), null),
    columns: optional("columns", readTexts, {}),
    levels: optional("levels", readLists, {}),
    derive: optional("derive", readDerived, []),
    subsets,
    analyses: analyses.map(({ analysis }) => analysis),
    comparisons: optional("comparisons", (list) => readComparisons(list, fits), []),
    sensitivity: sensitivity.map((entry) => entry.sensitivity),
  };
}

/** Ids of analyses, of their fits and of sensitivity entries; folders of some systems do not tell upper from lower case. */
function checkIds(analyses: readonly ReadAnalysis[], sensitivity: readonly ReadSensitivity[]): void {
  const seen = new Map<string, string>();
  const claim = (place: YamlValue, id: string, what: string): void => {
    const other = seen.get(id.toLowerCase());
    if (other !== undefined) place.fail(`${what} '${id}' is there already, as ${other}; give it another id`);
    seen.set(id.toLowerCase(), `${what} '${id}'`);
  };
  for (const { id } of [...analyses, ...sensitivity])
    if (!/^[A-Za-z0-9_-]+$/.test(id.text()))
      id.fail(`the id '${id.text()}' has other characters than letters, digits, - and _; it names a folder`);
  for (const { id } of analyses) claim(id, id.text(), "the analysis");
  seen.clear();
  for (const { id, analysis } of analyses) for (const fit of analysis.fits) claim(id, fit.id, "the fit");
  seen.clear();
  for (const { id } of sensitivity) claim(id, id.text(), "the sensitivity entry");
}

function fitNamed(place: YamlValue, fits: readonly PlannedFit[]): PlannedFit {
  const id = place.text();
  const found = fits.find((fit) => fit.id === id);
  if (found !== undefined) return found;
  const ids = fits.map((fit) => fit.id);
  const own = fits.filter(({ analysis }) => analysis === id).map((fit) => fit.id);
  return place.fail(
    own.length > 0
      ? `'${id}' is an analysis; its fits are ${listNames(own)}`
      : `no fit '${id}'; ${didYouMean(id, ids)}the fits are ${listNames(ids)}`,
  );
}

function readComparisons(list: YamlValue, fits: readonly PlannedFit[]): PlannedComparison[] {
  const seen = new Set<string>();
  return list.items().map((entry) => {
    const fields = entry.fields(["id", "title", "fits"]);
    const id = fields.need("id");
    if (seen.has(id.text())) id.fail(`the comparison '${id.text()}' is there already; give it another id`);
    seen.add(id.text());
    const pair = fields.need("fits").items();
    const [first, second] = pair;
    if (first === undefined || second === undefined || pair.length > 2)
      return fields.need("fits").fail(`${entry.name} has ${pair.length} fits; it compares two`);
    for (const place of [first, second])
      if (!fitNamed(place, fits).loo)
        place.fail(`the fit '${place.text()}' has no loo; set loo: true in its analysis`);
    return { id: id.text(), title: fields.need("title").text(), fits: [first.text(), second.text()] };
  });
}
