import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from "yaml";
import { didYouMean } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import { pointInto } from "../point-into.ts";

/** A YAML document (JSON is one as well) whose every value knows its place, so that whatever is wrong with one names file, line and column. */
export class YamlText {
  readonly source: string;
  readonly text: string;
  readonly root: YamlValue;
  readonly #lines = new LineCounter();

  /** InputError where the text is no YAML, or is more than one document. `source`: the file's name; `called`: the whole, for messages. */
  constructor(text: string, source: string, called: string) {
    this.text = text;
    this.source = source;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault !== undefined) throw this.error(fault.pos[0], adviceOn(fault));
    this.root = new YamlValue(this, document.contents, called, 0, (node) =>
      isAlias(node) ? node.resolve(document) : node,
    );
  }

  /** An InputError about the place `offset` (in UTF-16 code units, from 0), which it shows. */
  error(offset: number, message: string): InputError {
    const { line, col } = this.#lines.linePos(offset);
    const start = this.#lines.lineStarts[line - 1] ?? 0;
    const end = this.text.indexOf("\n", start);
    const { column, pointer } = pointInto(this.text.slice(start, end < 0 ? undefined : end), col);
    return new InputError(message, { file: this.source, line, column }, pointer);
  }

  /** From 1. */
  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line;
  }
}

type Resolve = (node: Node | null) => Node | null | undefined;

/** A value of a document: what it is, where it stands, and how messages call it. */
export class YamlValue {
  readonly document: YamlText;
  /** As messages call it: `'formula' of analysis '1a'`. */
  readonly name: string;
  /** Of its first character, from 0. */
  readonly offset: number;
  readonly #node: Node | null;
  readonly #resolve: Resolve;

  constructor(document: YamlText, node: Node | null, name: string, offset: number, resolve: Resolve) {
    this.document = document;
    this.name = name;
    this.offset = node?.range?.[0] ?? offset;
    this.#node = resolve(node) ?? null;
    this.#resolve = resolve;
  }

  get line(): number {
    return this.document.lineOf(this.offset);
  }

  fail(message: string): never {
    throw this.document.error(this.offset, message);
  }

  isList(): boolean {
    return isSeq(this.#node);
  }

  isMap(): boolean {
    return isMap(this.#node);
  }

  /** Nothing, or an empty list. */
  isEmpty(): boolean {
    return (
      this.#node === null ||
      (isScalar(this.#node) && this.#node.value === null) ||
      (isSeq(this.#node) && this.#node.items.length === 0)
    );
  }

  /** The text as written, where it stands in one piece in the file; null for a quoted or folded one. */
  plain(): string | null {
    const [start, end] = this.#node?.range ?? [0, 0];
    return isScalar(this.#node) && this.document.text.slice(start, end) === this.#node.value
      ? this.#node.value
      : null;
  }

  /** A text that is not empty; a number stands for its digits, so that `2` can be a name. */
  text(): string {
    const node = this.#node;
    if (isScalar(node)) {
      const { value, source } = node;
      const text = typeof value === "string" ? value : typeof value === "number" ? source! : "";
      if (text.trim() !== "") return oneLine(text);
    }
    const brace = isMap(node) && this.document.text[this.offset] === "{";
    return this.#expected("text", brace ? "; put a text that begins with '{' between quotes" : "");
  }

  isEmptyText(): boolean {
    return isScalar(this.#node) && this.#node.value === "";
  }

  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  whole(least: number): number {
    const value = this.number();
    return Number.isSafeInteger(value) && value >= least
      ? value
      : this.fail(`${this.name} is ${value}, expected a whole number of at least ${least}`);
  }

  number(): number {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === "number" && Number.isFinite(value) ? value : this.#expected("a number");
  }

  numberOrNull(): number | null {
    return isScalar(this.#node) && this.#node.value === null ? null : this.number();
  }

  flag(): boolean {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === "boolean" ? value : this.#expected("true or false");
  }

  oneOf<T extends string>(known: readonly T[]): T {
    const text = this.text();
    const found = known.find((name) => name === text);
    return (
      found ??
      this.fail(`${this.name} is '${text}'; ${didYouMean(text, known)}it is one of ${known.join(", ")}`)
    );
  }

  /** A list that is not empty. */
  items(): YamlValue[] {
    if (!isSeq(this.#node)) return this.#expected("a list");
    const { items } = this.#node;
    if (items.length === 0) this.fail(`${this.name} is an empty list; give an entry, or leave it out`);
    return items.map((item, i) => this.#child(item as Node | null, `entry ${i + 1} of ${this.name}`));
  }

  /** The values of a map by key, in order; `called` names them for messages. Keys are texts, each at its place. */
  entries(called: (key: string) => string = (key) => `'${key}' of ${this.name}`): YamlEntry[] {
    if (!isMap(this.#node)) return this.#expected("a map of keys and values");
    return this.#node.items.map((pair) => {
      const key = this.#child(pair.key as Node | null, `a key of ${this.name}`);
      const name = key.text();
      return { key, name, value: this.#child(pair.value as Node | null, called(name), key.offset) };
    });
  }

  /** The values of a map whose keys are known; another key is an InputError. `called`: the map, for messages. */
  fields<K extends string>(known: readonly K[], called: string = this.name): YamlFields<K> {
    const found = new Map<K, YamlValue>();
    for (const { key, name, value } of this.entries((key) => `'${key}' of ${called}`)) {
      const field = known.find((each) => each === name);
      if (field === undefined)
        key.fail(`no key '${name}' in ${called}; ${didYouMean(name, known)}the keys are ${known.join(", ")}`);
      else found.set(field, value);
    }
    return {
      get: (key) => found.get(key),
      need: (key) => found.get(key) ?? this.fail(`${called} has no '${key}'; add it`),
    };
  }

  #child(node: Node | null, name: string, offset = this.offset): YamlValue {
    return new YamlValue(this.document, node, name, offset, this.#resolve);
  }

  #expected(what: string, advice = ""): never {
    return this.fail(`${this.name} is ${this.#kind()}, expected ${what}${advice}`);
  }

  #kind(): string {
    const node = this.#node;
    if (isMap(node)) return "a map";
    if (isSeq(node)) return "a list";
    const value = isScalar(node) ? node.value : null;
    if (value === null || value === "") return "empty";
    return typeof value === "string" ? `the text '${oneLine(value)}'` : String(value);
  }
}

export interface YamlFields<K extends string> {
  get(key: K): YamlValue | undefined;
  /** An InputError where it is missing. */
  need(key: K): YamlValue;
}

export interface YamlEntry {
  readonly key: YamlValue;
  readonly name: string;
  readonly value: YamlValue;
}

/** A fault of the YAML itself, with the way out where it is a common one. */
function adviceOn({ code, message }: YAMLError): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second document begins here; leave out the line ---";
    case "DUPLICATE_KEY":
      return "this key is there already; a map has a key once";
    case "UNEXPECTED_TOKEN":
    case "BAD_SCALAR_START":
      return `${firstLine(message)}; a text that begins with { or [, or with another mark of YAML, stands between quotes`;
    default:
      return firstLine(message);
  }
}

/** Lines of a folded or a block text as one. */
const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");

const firstLine = (message: string): string => message.split("\n")[0]!;
