import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import type { DerivedColumn, Plan, PlannedFit, PlannedSensitivity, Variation } from "./plan.ts";
import { slug } from "./slug.ts";

export interface PlanFitsOptions {
  /** Levels of the data's text columns, by column: what is left out one by one. */
  readonly levels?: Readonly<Record<string, readonly string[]>>;
  /** Whether the fits of role `sensitivity` are among them; default false. */
  readonly sensitivity?: boolean;
}

/**
 * All fits of a plan in its order, each complete. Those of `sensitivity` come last; a column whose levels are left out one by one and
 * are not in `levels` is an InputError.
 */
export function planFits(
  plan: Plan,
  { levels = {}, sensitivity = false }: PlanFitsOptions = {},
): PlannedFit[] {
  const fits = plan.analyses.flatMap((analysis) => analysis.fits);
  if (!sensitivity) return fits.filter(({ role }) => role !== "sensitivity");
  const varied = plan.sensitivity.flatMap((entry) =>
    entry.of.flatMap((id) => {
      const base = fits.find((fit) => fit.id === id)!;
      return changesOf(entry, base, levels).map((change) => variedFit(entry, base, change));
    }),
  );
  return [...fits, ...distinct(varied, new Set(fits.map(({ id }) => id.toLowerCase())))];
}

/** What a varied fit changes of its base. */
interface Change extends Partial<Pick<PlannedFit, "priors" | "where" | "derive">> {
  readonly id: string;
  readonly label: string;
  readonly value: Variation["value"];
}

function changesOf(
  { vary, id }: PlannedSensitivity,
  base: PlannedFit,
  levels: Readonly<Record<string, readonly string[]>>,
): Change[] {
  switch (vary.kind) {
    case "priors":
      return vary.priors.map((priors, k) => ({
        id: `${slug(id)}-${k + 1}`,
        label: priors.join(", "),
        value: null,
        priors,
      }));
    case "leave-one-out": {
      const known = levels[vary.column];
      if (known === undefined)
        throw new InputError(
          `'${id}' leaves out the levels of '${vary.column}', which is no text column of the data; those are ${listNames(Object.keys(levels))}`,
          { file: "plan" },
        );
      return known.map((level) => ({
        id: `without-${slug(level)}`,
        label: `without ${level}`,
        value: level,
        where: [...base.where, `${quotedName(vary.column)} != ${quoted(level)}`],
      }));
    }
    case "noise":
      return vary.sds.flatMap((sd) =>
        vary.seeds.map((seed) => ({
          id: `noise-${String(sd).replace(".", "_")}-${seed}`,
          label: `noise of sd ${sd}, seed ${seed}`,
          value: sd,
          derive: [...vary.columns.map((name): DerivedColumn => noisy(name, sd, seed)), ...vary.derive],
        })),
      );
  }
}

const noisy = (name: string, sd: number, seed: number): DerivedColumn => ({
  name,
  expression: `noise(${quotedName(name)}, ${sd}, ${seed})`,
  line: 0,
});

function variedFit(entry: PlannedSensitivity, base: PlannedFit, change: Change): PlannedFit {
  const { id, label, value, ...changed } = change;
  return {
    ...base,
    ...changed,
    id: `${base.id}-${id}`,
    analysis: entry.id,
    role: "sensitivity",
    label,
    loo: false,
    checks: false,
    vif: false,
    variation: { kind: entry.vary.kind, label, base: base.id, value },
  };
}

/** Levels that differ in other characters than a folder's name has get a number. */
function distinct(fits: readonly PlannedFit[], taken: Set<string>): PlannedFit[] {
  return fits.map((fit) => {
    let id = fit.id;
    for (let k = 2; taken.has(id.toLowerCase()); k++) id = `${fit.id}-${k}`;
    taken.add(id.toLowerCase());
    return id === fit.id ? fit : { ...fit, id };
  });
}

/** A text between quotes that it does not hold itself. */
const quoted = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);
const quotedName = (name: string): string => (/^[A-Za-z.][A-Za-z0-9._]*$/.test(name) ? name : `\`${name}\``);
