import { brmsName, type FormulaTerms } from "../formula/index.ts";
import { didYouMean, listNames } from "../frame/near-names.ts";
import type { PlannedHypothesis } from "./plan.ts";
import { fillEach, type Sets } from "./template.ts";
import type { YamlValue } from "./yaml-text.ts";

const HYPOTHESIS = /^(.*?)\s*(<|>)\s*(.*)$/s;

/**
 * The hypotheses of one fit: entries such as `CURIOSITY > 0`, or `youngerTRUE:TOXICITY: younger:TOXICITY < 0` where a published table
 * names the term otherwise. A coefficient that the formula cannot have is an InputError.
 */
export function readHypotheses(list: YamlValue, terms: FormulaTerms, sets: Sets): PlannedHypothesis[] {
  const seen = new Set<string>();
  return list.items().flatMap((item) => {
    const [named, ...more] = item.isMap() ? item.entries() : [];
    if (more.length > 0)
      item.fail(
        `${item.name} has ${more.length + 1} keys, expected one: the published term, and its hypothesis`,
      );
    const value = named?.value ?? item;
    return fillEach(value, value.text(), sets).map((text) => {
      const hypothesis = readHypothesis(value, text, terms, named?.name);
      if (seen.has(hypothesis.term))
        value.fail(`${list.name} has two hypotheses of '${hypothesis.term}'; leave one out`);
      seen.add(hypothesis.term);
      return hypothesis;
    });
  });
}

function readHypothesis(
  value: YamlValue,
  text: string,
  terms: FormulaTerms,
  published: string | undefined,
): PlannedHypothesis {
  const [, left = "", direction, right = ""] = HYPOTHESIS.exec(text) ?? [];
  if (direction === undefined || left === "" || !/^[-+]?0+(\.0*)?$/.test(right))
    value.fail(
      `'${text}' is no hypothesis of a plan; write a coefficient and its sign: TERM > 0 or TERM < 0`,
    );
  const coefficient = left.replace(/^b_/, "");
  checkCoefficient(value, coefficient, terms);
  const variable = `b_${coefficient}`;
  return {
    term: published ?? coefficient,
    direction: direction as "<" | ">",
    hypothesis: `${variable} ${direction} 0`,
    variable,
    line: value.line,
  };
}

/** Of a factor it is known only with the data which levels have coefficients: there the name's beginning must fit. */
function checkCoefficient(value: YamlValue, coefficient: string, terms: FormulaTerms): void {
  const names = terms.terms.map((term) => term.variables.map((v) => brmsName(terms.variables[v]!.label)));
  const fits = names.some((parts) => beginsWith(coefficient, parts));
  if (fits || (terms.intercept && /^Intercept(\[\d+\])?$/.test(coefficient))) return;
  const known = names.map((parts) => parts.join(":"));
  value.fail(
    `no coefficient '${coefficient}' in '${terms.text}'; ${didYouMean(coefficient, known)}the coefficients are ${listNames(known)}`,
  );
}

/** Whether a name is `part…:part…`, each part with nothing or a level behind it. */
function beginsWith(name: string, [first = "", ...rest]: readonly string[]): boolean {
  if (!name.startsWith(first)) return false;
  if (rest.length === 0) return true;
  for (let at = name.indexOf(":", first.length); at >= 0; at = name.indexOf(":", at + 1))
    if (beginsWith(name.slice(at + 1), rest)) return true;
  return false;
}
