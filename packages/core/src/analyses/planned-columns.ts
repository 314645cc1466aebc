import { parseColumnExpression } from "./column-expression.ts";
import { parsePlaced } from "./placed.ts";
import type { DerivedColumn, Subset } from "./plan.ts";
import type { Sets } from "./template.ts";
import type { YamlValue } from "./yaml-text.ts";

/** `derive`: an expression for each new column. */
export function readDerived(map: YamlValue): DerivedColumn[] {
  return map.entries().map(({ name, value }) => {
    const expression = value.text();
    parsePlaced(value, expression, parseColumnExpression);
    return { name, expression, line: value.line };
  });
}

/** `subsets`: a list of conditions for each name; an empty list, or nothing, for every row. */
export function readSubsetMap(map: YamlValue): Subset[] {
  return map.entries().map(({ name, value }) => {
    if (value.isEmpty()) return { name, where: [] };
    const where = value.items().map((item) => {
      const condition = item.text();
      parsePlaced(item, condition, parseColumnExpression);
      return condition;
    });
    return { name, where };
  });
}

/** `sets`: a text, or a list of terms, for each name that stands between braces. */
export function readSets(map: YamlValue): Sets {
  return new Map(
    map.entries().map(({ key, name, value }) => {
      if (name === "dv") key.fail("'dv' is what 'each' fills in; give the set another name");
      return [name, value.isList() ? value.texts() : value.text()];
    }),
  );
}

/** `columns` and `levels` are maps of texts and of lists. */
export const readTexts = (map: YamlValue): Record<string, string> =>
  Object.fromEntries(map.entries().map(({ name, value }) => [name, value.text()]));
export const readLists = (map: YamlValue): Record<string, string[]> =>
  Object.fromEntries(map.entries().map(({ name, value }) => [name, value.texts()]));
