import { FAMILIES, FAMILY_ALIASES, type Family, familyNamed } from "../family/index.ts";
import { formulaTerms } from "../formula/index.ts";
import { didYouMean, listNames } from "../frame/near-names.ts";
import { type Extent, type FitSettings, readSettings, SETTING_KEYS } from "./fit-settings.ts";
import { parsePlaced } from "./placed.ts";
import type {
  AnalysisRole,
  PlannedAnalysis,
  PlannedFit,
  PlannedHypothesis,
  Subset,
  Variation,
} from "./plan.ts";
import { readHypotheses } from "./planned-hypotheses.ts";
import { slug } from "./slug.ts";
import { fillFormula, type Sets } from "./template.ts";
import type { YamlFields, YamlValue } from "./yaml-text.ts";

const KEYS = [
  "id",
  "title",
  "role",
  "formula",
  "family",
  "subsets",
  "each",
  "hypotheses",
  "vary",
  ...SETTING_KEYS,
] as const;
const FAMILY_NAMES = [...FAMILIES, ...(Object.keys(FAMILY_ALIASES) as (keyof typeof FAMILY_ALIASES)[])];
const ROLES = ["paper", "extra", "sensitivity"] as const satisfies readonly AnalysisRole[];
const KINDS = [
  "priors",
  "ties",
  "leave-one-out",
  "noise",
  "other",
] as const satisfies readonly Variation["kind"][];

/** What the rest of a plan gives its analyses. */
export interface PlanParts {
  readonly settings: FitSettings;
  readonly subsets: readonly Subset[];
  readonly sets: Sets;
}

/** An analysis as read, with what can be checked only when all of them are known. */
export interface ReadAnalysis {
  readonly analysis: PlannedAnalysis;
  readonly id: YamlValue;
  /** The fit that `vary` names. */
  readonly base: YamlValue | null;
}

/** One entry of `analyses`: its fits, one for each of its subsets and responses. */
export function readAnalysis(entry: YamlValue, parts: PlanParts): ReadAnalysis {
  const named = entry.isMap() ? entry.entries().find(({ name }) => name === "id")?.value : undefined;
  const fields = entry.fields(KEYS, named === undefined ? entry.name : `analysis '${named.text()}'`);
  const id = fields.need("id");
  const title = fields.need("title").text();
  const role = fields.get("role")?.oneOf(ROLES) ?? "extra";
  const formula = fields.need("formula");
  const family: Family = familyNamed(fields.need("family").oneOf(FAMILY_NAMES));
  const settings = readSettings(fields, parts.settings);
  const subsets = readSubsets(fields.get("subsets"), parts.subsets);
  const dvs = fields.get("each")?.fields(["dv"]).need("dv").texts() ?? [null];
  const cells = subsets.flatMap((subset) => dvs.map((dv) => ({ subset, dv })));
  const names = [
    ...new Set(cells.flatMap(({ subset, dv }) => [subset?.name ?? "all", ...(dv === null ? [] : [dv])])),
  ];
  for (const key of ["loo", "checks", "vif"] as const) checkExtent(fields.get(key), settings[key], names);
  const { variation, base } = readVariation(fields.get("vary"));
  const hypothesesOf = hypothesesBy(fields.get("hypotheses"), names);

  const fits = cells.map(({ subset, dv }): PlannedFit => {
    const sets = dv === null ? parts.sets : new Map([...parts.sets, ["dv", dv]]);
    const filled = fillFormula(formula, formula.text(), sets);
    const terms = parsePlaced(formula, filled, formulaTerms);
    const name = subset?.name ?? "all";
    const covers = (extent: Extent): boolean =>
      typeof extent === "boolean" ? extent : extent.includes(name) || (dv !== null && extent.includes(dv));
    const { chains, warmup, draws, seed, priors } = settings;
    return {
      id: [id.text(), ...(subset === null ? [] : [slug(name)]), ...(dv === null ? [] : [slug(dv)])].join("-"),
      line: formula.line,
      analysis: id.text(),
      role,
      label: [...(subset === null && dv !== null ? [] : [name]), ...(dv === null ? [] : [dv])].join(", "),
      subset: name,
      where: subset?.where ?? [],
      derive: [],
      dv,
      formula: filled,
      family,
      ...{ priors, chains, warmup, draws, seed },
      hypotheses: hypothesesOf(name, dv).flatMap((list): PlannedHypothesis[] =>
        readHypotheses(list, terms, sets),
      ),
      loo: covers(settings.loo),
      checks: covers(settings.checks),
      vif: covers(settings.vif),
      variation,
    };
  });
  return { analysis: { id: id.text(), title, role, fits }, id, base };
}

/** null: all rows, and nothing of it in the fit's id. */
function readSubsets(value: YamlValue | undefined, known: readonly Subset[]): (Subset | null)[] {
  if (value === undefined) return [null];
  return value.items().map((item) => {
    const name = item.text();
    const names = known.map((subset) => subset.name);
    return (
      known.find((subset) => subset.name === name) ??
      item.fail(`no subset '${name}'; ${didYouMean(name, names)}the subsets are ${listNames(names)}`)
    );
  });
}

function checkExtent(value: YamlValue | undefined, extent: Extent, names: readonly string[]): void {
  if (value === undefined || typeof extent === "boolean") return;
  for (const item of value.items()) checkCell(item, item.text(), names);
}

function checkCell(place: YamlValue, name: string, names: readonly string[]): void {
  if (!names.includes(name))
    place.fail(
      `${place.name}: the analysis has no subset or response '${name}'; ${didYouMean(name, names)}it has ${listNames(names)}`,
    );
}

/** A fit's lists of hypotheses: the one list of all fits, or those of its subset and of its response. */
function hypothesesBy(
  value: YamlValue | undefined,
  names: readonly string[],
): (subset: string, dv: string | null) => YamlValue[] {
  if (value === undefined) return () => [];
  if (!value.isMap()) return () => [value];
  const lists = value.entries();
  for (const { key, name } of lists) checkCell(key, name, names);
  return (subset, dv) => {
    const found = lists.filter(({ name }) => name === subset || name === dv);
    if (found.length === 0) value.fail(`${value.name} has none for '${dv ?? subset}'; add its list`);
    return found.map((list) => list.value);
  };
}

function readVariation(value: YamlValue | undefined): {
  variation: Variation | null;
  base: YamlValue | null;
} {
  if (value === undefined) return { variation: null, base: null };
  const fields: YamlFields<"kind" | "label" | "base"> = value.fields(["kind", "label", "base"]);
  const base = fields.need("base");
  return {
    variation: {
      kind: fields.need("kind").oneOf(KINDS),
      label: fields.need("label").text(),
      base: base.text(),
      value: null,
    },
    base,
  };
}
