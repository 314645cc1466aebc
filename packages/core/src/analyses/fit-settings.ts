import { parsePrior } from "../model/prior-syntax.ts";
import { parsePlaced } from "./placed.ts";
import type { PlannedFit } from "./plan.ts";
import type { YamlFields, YamlValue } from "./yaml-text.ts";

/** What a plan may set for all of its fits, an analysis for its own. */
export const SETTING_KEYS = ["chains", "warmup", "draws", "seed", "priors", "loo", "checks", "vif"] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

export interface FitSettings extends Pick<PlannedFit, "chains" | "warmup" | "draws" | "seed" | "priors"> {
  readonly loo: Extent;
  readonly checks: Extent;
  readonly vif: Extent;
}

/** All fits of an analysis, none, or those of some subsets or responses. */
export type Extent = boolean | readonly string[];

/** As those of `bridgewise fit`, with posterior predictive checks. */
export const DEFAULT_SETTINGS: FitSettings = {
  chains: 4,
  warmup: 1000,
  draws: 1000,
  seed: 1,
  priors: [],
  loo: false,
  checks: true,
  vif: false,
};

/** The settings among a map's keys; what it does not say is as in `otherwise`. */
export function readSettings(fields: YamlFields<SettingKey>, otherwise: FitSettings): FitSettings {
  const whole = (key: "chains" | "warmup" | "draws" | "seed", least: number): number =>
    fields.get(key)?.whole(least) ?? otherwise[key];
  const extent = (key: "loo" | "checks" | "vif"): Extent => {
    const value = fields.get(key);
    if (value === undefined) return otherwise[key];
    return value.isList() ? value.texts() : value.flag();
  };
  const priors = fields.get("priors");
  return {
    chains: whole("chains", 1),
    warmup: whole("warmup", 1),
    draws: whole("draws", 1),
    seed: whole("seed", 0),
    priors: priors === undefined ? otherwise.priors : readPriors(priors),
    loo: extent("loo"),
    checks: extent("checks"),
    vif: extent("vif"),
  };
}

/** Statements such as `b ~ normal(0, 1)`, each checked. */
export function readPriors(list: YamlValue): string[] {
  return list.items().map((item) => {
    const text = item.text();
    parsePlaced(item, text, parsePrior);
    return text;
  });
}
