import { didYouMean, listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/** A column to be converted: its name in the frame and its place in a row of the file (from 0). */
export interface WantedColumn {
  readonly name: string;
  readonly index: number;
}

/**
 * Which columns to convert, from the names in the file's header, new names for some of them
 * (`{ new: old }`), and the names that are wanted (new ones; all by default).
 * Empty or duplicated names, and names that the file does not have, are InputErrors.
 */
export function resolveHeader(
  header: readonly string[],
  file: string,
  line: number,
  rename: Readonly<Record<string, string>> = {},
  wanted?: readonly string[],
): WantedColumn[] {
  const columns = renameColumns(checkHeader(header, file, line), file, rename);
  if (wanted === undefined) return columns;
  const names = columns.map((column) => column.name);
  return [...new Set(wanted)].map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    throw new InputError(`no such column; ${didYouMean(name, names)}the columns are ${listNames(names)}`, {
      file,
      column: name,
    });
  });
}

function checkHeader(header: readonly string[], file: string, line: number): string[] {
  const names = header.map((name) => name.trim());
  if (names.length === 1 && /[;\t]/.test(names[0]!))
    throw new InputError(
      `cells are separated by ${names[0]!.includes(";") ? "semicolons" : "tabs"}; save it with commas`,
      {
        file,
        line,
      },
    );
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    if (name === "")
      throw new InputError(`column ${index + 1} of ${names.length} has no name; name it in the first line`, {
        file,
        line,
      });
    const first = seen.get(name);
    if (first !== undefined)
      throw new InputError(`columns ${first + 1} and ${index + 1} have the same name; rename one of them`, {
        file,
        line,
        column: name,
      });
    seen.set(name, index);
  });
  return names;
}

function renameColumns(
  names: readonly string[],
  file: string,
  rename: Readonly<Record<string, string>>,
): WantedColumn[] {
  const moved = new Set(Object.values(rename));
  const columns = names.flatMap((name, index) => (moved.has(name) ? [] : [{ name, index }]));
  for (const [name, old] of Object.entries(rename)) {
    const index = names.indexOf(old);
    if (index < 0)
      throw new InputError(
        `no such column to be called '${name}'; ${didYouMean(old, names)}the columns are ${listNames(names)}`,
        { file, column: old },
      );
    if (columns.some((column) => column.name === name))
      throw new InputError(
        `cannot be called '${name}', there is another column of that name; rename that one too`,
        { file, column: old },
      );
    columns.push({ name, index });
  }
  return columns.sort((a, b) => a.index - b.index);
}
