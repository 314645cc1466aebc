import { didYouMean, listNames } from "../frame/near-names.ts";

/** A variable found in a text. */
export interface FoundVariable {
  readonly name: string;
  /** Index of the first character after it. */
  readonly end: number;
}

/** Characters that go on with a name that ends in one of them. */
const WORD = /[\p{L}\p{M}\p{N}._]/u;
/** What a person may have meant as a variable, for messages: a word with `:` in it and brackets behind it. */
const LIKELY = /(?:\p{L}|[._])[\p{L}\p{M}\p{N}._:]*(?:\[[^\]]*\])?/uy;

/**
 * Finds the variables of some draws in texts. A name without its prefix `b_` stands for the coefficient where there is
 * one, as in brms's `hypothesis()`; else for the variable of this very name.
 */
export class VariableNames {
  readonly names: readonly string[];
  /** Variable by spelling. */
  private readonly spellings: ReadonlyMap<string, string>;

  constructor(names: readonly string[]) {
    this.names = names;
    const spellings = new Map(names.map((name) => [name, name]));
    for (const name of names) if (name.startsWith("b_")) spellings.set(name.slice(2), name);
    this.spellings = spellings;
  }

  /** The variable with the longest spelling that begins at text[at], if any does; blanks inside brackets do not count. */
  match(text: string, at: number): FoundVariable | undefined {
    let best: FoundVariable | undefined;
    for (const [spelling, name] of this.spellings) {
      const end = endOf(spelling, text, at);
      if (end > (best?.end ?? at)) best = { name, end };
    }
    return best;
  }

  /** The variable between backticks. */
  exact(spelling: string): string | undefined {
    return this.spellings.get(spelling);
  }

  /** What stands at text[at] in place of a variable, and what to say about it. */
  unknown(text: string, at: number): { readonly found: string; readonly advice: string } {
    LIKELY.lastIndex = at;
    const found = LIKELY.exec(text)?.[0] ?? text.slice(at).trim();
    return { found, advice: this.advice(found) };
  }

  advice(found: string): string {
    const near = didYouMean(found, this.spellings.keys());
    const first = this.names.filter((name) => !name.startsWith("r_"));
    return `${near}the variables are ${listNames(first.length > 0 ? first : this.names)}`;
  }
}

/** Index after `spelling` at text[at]; -1 where it does not stand there, or as a part of a longer name. */
function endOf(spelling: string, text: string, at: number): number {
  let to = at;
  let inside = false;
  for (const char of spelling) {
    if (inside && char.trim() !== "") while (/\s/.test(text[to] ?? "")) to++;
    if (!text.startsWith(char, to)) return -1;
    if (char === "[") inside = true;
    if (char === "]") inside = false;
    to += char.length;
  }
  const next = String.fromCodePoint(text.codePointAt(to) ?? 32);
  if (WORD.test(spelling.at(-1) ?? "") && (WORD.test(next) || next === ":" || next === "[")) return -1;
  return to;
}
