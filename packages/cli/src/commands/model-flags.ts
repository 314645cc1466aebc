import {
  CONTRASTS,
  type Contrast,
  type Contrasts,
  type DeclaredLevels,
  FAMILIES,
  FAMILY_ALIASES,
  type Family,
  type FamilyAlias,
  InputError,
} from "@bridgewise/core";
import { Flag } from "effect/cli";
import { pair } from "./fit-flags.ts";

/** Flags of every command that builds a model from a CSV file. */
export const familyFlag = Flag.Literals("family", [
  ...FAMILIES,
  ...(Object.keys(FAMILY_ALIASES) as FamilyAlias[]),
] as const satisfies readonly (Family | FamilyAlias)[]).pipe(
  Flag.withDescription(
    "Response: a number (gaussian, student_t), 0/1 (bernoulli), successes (binomial), ordered categories (cumulative), between 0 and 1 (beta)",
  ),
);
export const priorFlag = Flag.String("prior").pipe(
  Flag.atLeast(0),
  Flag.withDescription(
    "'b ~ normal(0, 1e6)', 'b[x] ~ …', 'Intercept ~ …', 'sd[g] ~ …', 'sd[g,x] ~ …', 'cor ~ lkj(2)', 'sigma ~ …' (repeat it; bridgewise priors lists them)",
  ),
);
export const whereFlag = Flag.String("where").pipe(
  Flag.optional,
  Flag.withMetavar("COLUMN=VALUE"),
  Flag.withDescription("Only these rows"),
);
export const renameFlag = Flag.String("rename").pipe(
  Flag.atLeast(0),
  Flag.withMetavar("NEW=OLD"),
  Flag.withDescription("New name for a column (repeat it)"),
);
export const contrastsFlag = Flag.String("contrasts").pipe(
  Flag.atLeast(0),
  Flag.withMetavar("sum | FACTOR=sum"),
  Flag.withDescription("Coding of factors, default treatment; of all, or of one (repeat it)"),
);
export const levelsFlag = Flag.String("levels").pipe(
  Flag.atLeast(0),
  Flag.withMetavar("COLUMN=A,B,C"),
  Flag.withDescription(
    "Order of a text column's levels, lowest or reference first, default the alphabet's (repeat it)",
  ),
);

export const parseWhere = (text: string): [string, string] => pair("--where", text, "COLUMN=VALUE");
export const parseRename = (texts: readonly string[]): [string, string][] =>
  texts.map((text) => pair("--rename", text, "NEW=OLD"));

/** Undefined where nothing is said. */
export function parseContrasts(texts: readonly string[]): Contrasts | undefined {
  if (texts.length === 0) return undefined;
  if (texts.length === 1 && !texts[0]!.includes("=")) return contrastNamed(texts[0]!);
  return Object.fromEntries(
    texts.map((text) => {
      const [factor, name] = pair("--contrasts", text, "FACTOR=sum, or sum alone for all factors");
      return [factor, contrastNamed(name)];
    }),
  );
}

function contrastNamed(name: string): Contrast {
  const found = CONTRASTS.find((known) => known === name);
  if (found === undefined)
    throw new InputError(`--contrasts knows ${CONTRASTS.join(" and ")}, found '${name}'`);
  return found;
}

/** Undefined where nothing is said. */
export function parseLevels(texts: readonly string[]): DeclaredLevels | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(
    texts.map((text) => {
      const [column, levels] = pair("--levels", text, "COLUMN=A,B,C");
      return [column, levels.split(",").map((level) => level.trim())];
    }),
  );
}
