import { InputError, type InputPlace } from "../input-error.ts";
import { ATTRIBUTES, attributeIndex, nearestAttribute } from "./attributes.ts";
import { counted, IssueTally, type RowUnit } from "./issues.ts";
import { oneLine } from "./one-line.ts";
import { TEXT_COLUMNS, type TextColumn } from "./score-row.ts";
import { type Scores, TextNumbers } from "./scores.ts";

const WIDTH = ATTRIBUTES.length;

/** Gathers the rows of a scores file, whatever its shape: checks values, finds duplicates, counts issues. */
export class ScoreCollector {
  readonly source: string;
  readonly tally: IssueTally;
  readonly #unit: RowUnit;
  readonly #texts = new TextNumbers();
  readonly #provenance = new Set<string>();
  readonly #unknown = new Set<string>();
  /** [texts with room to grow, ATTRIBUTES] */
  #values = new Float64Array(1024 * WIDTH).fill(Number.NaN);
  /** [texts with room to grow, ATTRIBUTES] line of each score. */
  #lines = new Int32Array(1024 * WIDTH);
  #textLines = new Int32Array(1024);
  #count = 0;

  /** `unit`: what the numbers given as `line` count. */
  constructor(source: string, unit: RowUnit = "line") {
    this.source = source;
    this.#unit = unit;
    this.tally = new IssueTally(source, unit);
  }

  /** Place of the columns' names. */
  get header(): InputPlace {
    return this.#unit === "line" ? this.place(1) : { file: this.source };
  }

  place(line: number, column?: string): InputPlace {
    return { file: this.source, [this.#unit]: line, ...(column !== undefined && { column }) };
  }

  /** Number of a text by PRISM's id; -1 where its row is left out. */
  text(line: number, column: string, id: string): number {
    if (!isTextColumn(column)) {
      this.tally.add(
        "unknown-column",
        line,
        (n) =>
          `column_id '${oneLine(column)}' is not read (${counted(n, "row")} left out); scores are of ${TEXT_COLUMNS.join(" (text_id: utterance_id) or ")} (text_id: interaction_id)`,
      );
      return -1;
    }
    return this.#number(line, column, id);
  }

  #number(line: number, column: TextColumn | "sha256", id: string): number {
    const before = this.#texts.count;
    const text = this.#texts.number(column, id);
    if (text === before) {
      if (text === this.#textLines.length) this.#grow();
      this.#textLines[text] = line;
    }
    return text;
  }

  /** Number of a text by its hash. */
  hash(line: number, hash: string): number {
    if (!/^[0-9a-f]{64}$/i.test(hash)) {
      throw new InputError(
        `'${oneLine(hash)}' is no SHA-256, which has 64 hexadecimal digits`,
        this.place(line, "text_sha256"),
      );
    }
    return this.#number(line, "sha256", hash.toLowerCase());
  }

  /** One score by the attribute's name in the file; see addAt. */
  add(line: number, text: number, name: string, score: number | null, given: unknown): void {
    const attribute = attributeIndex(name);
    if (attribute < 0) this.unknownAttribute(line, name);
    else this.addAt(line, text, attribute, score, given);
  }

  unknownAttribute(line: number, name: string): void {
    this.#unknown.add(name);
    this.tally.add("unknown-attribute", line, (n) => {
      const near = nearestAttribute(name);
      const others = this.#unknown.size - 1;
      const are = others === 0 ? "is no attribute" : `and ${counted(others, "other")} are no attributes`;
      const hint = near === undefined ? `read are ${ATTRIBUTES.join(", ")}` : `did you mean ${near}?`;
      return `'${oneLine(name)}' ${are} of this analysis (${counted(n, "score")} left out); ${hint}`;
    });
  }

  /** One score; `attribute` indexes ATTRIBUTES; null where it is empty, NaN where `given` is no number. */
  addAt(line: number, text: number, attribute: number, score: number | null, given: unknown): void {
    const name = ATTRIBUTES[attribute]!;
    if (score === null) {
      this.tally.add("empty", line, (n) => `${counted(n, "score")} empty, taken as not scored`, name);
      return;
    }
    if (Number.isNaN(score)) {
      this.tally.add(
        "non-numeric",
        line,
        (n) =>
          `${oneLine(JSON.stringify(given))} is not a number${such(n)}; leave out scores that are missing`,
        name,
      );
      return;
    }
    if (!(score >= 0 && score <= 1)) {
      this.tally.add(
        "out-of-range",
        line,
        (n) => `${score} is not in [0, 1]${such(n)}; give Perspective's probabilities as they are, unscaled`,
        name,
      );
      return;
    }
    const at = text * WIDTH + attribute;
    const known = this.#values[at]!;
    if (Number.isNaN(known)) {
      this.#values[at] = score;
      this.#lines[at] = line;
      this.#count++;
      return;
    }
    const first = this.#lines[at]!;
    const described = this.#texts.describe.bind(this.#texts, text);
    if (known === score) {
      const words = (n: number) =>
        `${name} of ${described()} repeats ${this.#unit} ${first} (${counted(n, "repeated score")}, read once)`;
      this.tally.add("duplicate", line, words);
    } else {
      const words = (n: number) =>
        `${name} of ${described()} is ${score} here and ${known} on ${this.#unit} ${first}${such(n)}; keep one score for each text and attribute`;
      this.tally.add("conflict", line, words);
    }
  }

  provenance(name: string): void {
    this.#provenance.add(name);
  }

  scores(key: Scores["key"]): Scores {
    const texts = this.#texts;
    return {
      source: this.source,
      key,
      texts: texts.count,
      count: this.#count,
      provenance: [...this.#provenance],
      issues: this.tally.issues(),
      values: this.#values.subarray(0, texts.count * WIDTH),
      lines: this.#textLines.subarray(0, texts.count),
      find:
        key === "id" ? (column, id) => texts.find(column, id) : (_column, _id, text) => texts.findText(text),
      describe: (text) => texts.describe(text),
    };
  }

  #grow(): void {
    const values = new Float64Array(this.#values.length * 2).fill(Number.NaN);
    values.set(this.#values);
    this.#values = values;
    const lines = new Int32Array(this.#lines.length * 2);
    lines.set(this.#lines);
    this.#lines = lines;
    const textLines = new Int32Array(this.#textLines.length * 2);
    textLines.set(this.#textLines);
    this.#textLines = textLines;
  }
}

function isTextColumn(column: string): column is TextColumn {
  return column === "model_response" || column === "user_prompt";
}

function such(count: number): string {
  return ` (${counted(count, "such score")})`;
}
