import { InputError, type InputPlace } from "../input-error.ts";
import { oneLine } from "../scores/one-line.ts";

/** Reads and checks the fields of one record; a wrong one is an InputError with its file and line. */
export class Fields {
  readonly #record: Readonly<Record<string, unknown>>;
  readonly #place: InputPlace;
  readonly #path: string;

  constructor(record: Readonly<Record<string, unknown>>, place: InputPlace, path = "") {
    this.#record = record;
    this.#place = place;
    this.#path = path;
  }

  /** Whether the record has the field, be it null. */
  has(name: string): boolean {
    return this.#record[name] !== undefined;
  }

  /** The error that says that the field is missing, and what belongs there. */
  missing(name: string, expected: string): InputError {
    return this.#error(name, expected);
  }

  text(name: string): string {
    const value = this.#record[name];
    return typeof value === "string" ? value : this.#fail(name, "a text");
  }

  /** An id, which names something and so is not empty. */
  id(name: string): string {
    const value = this.#record[name];
    return typeof value === "string" && value !== "" ? value : this.#fail(name, "an id such as 'c0'");
  }

  textOrNull(name: string): string | null {
    return this.#record[name] === null ? null : this.text(name);
  }

  oneOf<const T extends string>(name: string, wanted: readonly T[]): T {
    const value = this.#record[name];
    const found = wanted.find((one) => one === value);
    return found ?? this.#fail(name, `one of ${wanted.map((one) => `'${one}'`).join(", ")}`);
  }

  flag(name: string): boolean {
    const value = this.#record[name];
    return typeof value === "boolean" ? value : this.#fail(name, "true or false");
  }

  whole(name: string, least: number, most: number): number {
    const value = this.#record[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
    return this.#fail(name, `a whole number ${range}`);
  }

  numberOrNull(name: string): number | null {
    const value = this.#record[name];
    return value === null || typeof value === "number" ? value : this.#fail(name, "a number or null");
  }

  /** A nested object; null where it is null. */
  objectOrNull(name: string): Fields | null {
    const value = this.#record[name];
    if (value === null) return null;
    if (typeof value !== "object" || Array.isArray(value)) return this.#fail(name, "an object or null");
    return new Fields(value as Record<string, unknown>, this.#place, `${this.#path}${name}.`);
  }

  #fail(name: string, expected: string): never {
    throw this.#error(name, expected);
  }

  #error(name: string, expected: string): InputError {
    const value = this.#record[name];
    const found = value === undefined ? "is missing" : `is ${oneLine(JSON.stringify(value))}`;
    return new InputError(
      `'${this.#path}${name}' ${found}, expected ${expected}; give PRISM's files as they were published`,
      this.#place,
    );
  }
}
