// The browser build reads bytes as fast as Node's (0.1 s for 4.5 MB), runs everywhere, and needs no global Buffer.
import { CsvError, parse } from "csv-parse/browser/esm/sync";
import { InputError } from "../input-error.ts";

/** What `readRecords` gives to its caller: the cells of a record and the line where it starts (from 1). */
export type OnRecord = (cells: readonly string[], line: number) => void;

/**
 * Reads the records of a CSV (RFC 4180: comma, double quotes, CRLF or LF), empty lines skipped. Quotes that do
 * not open or close a cell are InputErrors.
 */
export function readRecords(bytes: Uint8Array, file: string, onRecord: OnRecord): void {
  let ended = 0;
  let overcounted = 0;
  const takeRecord = (cells: string[], reported: number): void => {
    // csv-parse counts a CRLF inside quotes as two lines.
    let inside = 0;
    if (reported - overcounted > ended + 1) {
      for (const cell of cells) {
        overcounted += count(cell, "\r\n");
        inside += count(cell, "\n");
      }
    }
    ended = reported - overcounted;
    onRecord(cells, ended - inside);
  };
  try {
    parse(bytes as Uint8Array<ArrayBuffer>, {
      bom: false,
      record_delimiter: ["\r\n", "\n"],
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        takeRecord(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at = Number((error as { lines?: number }).lines ?? 0) - overcounted;
    throw brokenQuote(error.code, file, at, ended + 1);
  }
}

function brokenQuote(code: string, file: string, line: number, firstLine: number): InputError {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return new InputError(
        'a quoted cell that starts here or later is never closed; close its quote, or double it ("")',
        { file, line: firstLine },
      );
    case "CSV_INVALID_CLOSING_QUOTE":
      return new InputError('text follows a closing quote; double the quotes inside a cell ("")', {
        file,
        line,
      });
    case "INVALID_OPENING_QUOTE":
      return new InputError(
        'a quote inside a cell that is not quoted; quote the whole cell and double the quote ("")',
        { file, line },
      );
    default:
      return new InputError(`not a CSV file (${code}); save it as CSV with commas, in UTF-8`, { file, line });
  }
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
