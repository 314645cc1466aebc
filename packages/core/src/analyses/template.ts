import { didYouMean, listNames } from "../frame/near-names.ts";
import type { YamlValue } from "./yaml-text.ts";

/** What `{name}` stands for: a text as it is, or the terms of a list. */
export type Sets = ReadonlyMap<string, string | readonly string[]>;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * A formula with its sets filled in. A list becomes a sum, in parentheses where something other than `+` stands beside it:
 * `y ~ {xs} + z` is `y ~ a + b + z`, `y ~ z * {xs}` is `y ~ z * (a + b)`.
 */
export function fillFormula(value: YamlValue, template: string, sets: Sets): string {
  return template.replace(PLACEHOLDER, (mark: string, name: string, at: number) => {
    const set = setNamed(value, name, sets);
    if (typeof set === "string") return set;
    const sum = set.join(" + ");
    const before = template.slice(0, at).trimEnd().at(-1) ?? "~";
    const after =
      template
        .slice(at + mark.length)
        .trimStart()
        .at(0) ?? "+";
    return set.length === 1 || ("~+(".includes(before) && "+)|".includes(after)) ? sum : `(${sum})`;
  });
}

/** The texts that a template stands for: one, or one for each entry of each list that it names. */
export function fillEach(value: YamlValue, template: string, sets: Sets): string[] {
  const [mark, name] = new RegExp(PLACEHOLDER.source).exec(template) ?? [];
  if (mark === undefined || name === undefined) return [template];
  const set = setNamed(value, name, sets);
  return (typeof set === "string" ? [set] : set).flatMap((text) =>
    fillEach(
      value,
      template.replaceAll(mark, () => text),
      sets,
    ),
  );
}

function setNamed(value: YamlValue, name: string, sets: Sets): string | readonly string[] {
  const found = sets.get(name.trim());
  if (found !== undefined) return found;
  const names = [...sets.keys()];
  return value.fail(
    `${value.name}: no set '${name}'; ${didYouMean(name, names)}the sets are ${listNames(names)}`,
  );
}
