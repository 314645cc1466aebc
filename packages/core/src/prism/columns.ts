import type { Column, Frame } from "../frame/frame.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { csvCell } from "../scores/csv-cell.ts";
import type { Scores } from "../scores/scores.ts";
import { DEMOGRAPHICS, demographicsOf, QUESTION_OF } from "./demographics.ts";
import type { RatedResponse, Survey } from "./read.ts";

const WIDTH = ATTRIBUTES.length;
const REASONING = ATTRIBUTES.indexOf("REASONING");
const NUANCE = ATTRIBUTES.indexOf("NUANCE");

/** Columns of the table, one row for each response, in the order of table.csv; no column of a question that the survey does not have. */
export function tableColumns(
  rows: readonly RatedResponse[],
  scores: Scores,
  { users, absent }: Survey,
  source: string,
): Frame {
  const columns: Column[] = [
    factor("conversation_id", rows, (row) => row.conversation_id),
    factor("user_id", rows, (row) => row.user_id),
    factor("conversation_type", rows, (row) => row.conversation_type),
    factor("model_name", rows, (row) => row.model_name),
    numeric("score", rows, (row) => row.score),
    numeric("log_score", rows, (row) => Math.log(row.score)),
    numeric("highest", rows, (row) => Number(row.if_chosen)),
    ...attributeColumns(rows, scores, "", (row) => row.response),
    ...attributeColumns(rows, scores, "_human", (row) => row.prompt),
  ];
  const groups = new Map([...users].map(([id, user]) => [id, demographicsOf(user)]));
  for (const name of DEMOGRAPHICS) {
    if (!absent.has(QUESTION_OF[name])) {
      columns.push(numeric(name, rows, (row) => groups.get(row.user_id)![name]));
    }
  }
  return { rows: rows.length, columns: new Map(columns.map((column) => [column.name, column])), source };
}

/** The eight attributes and REASONING_NUANCE, their product (PAPER: the two are collinear); NaN where not scored. */
function attributeColumns(
  rows: readonly RatedResponse[],
  { values }: Scores,
  suffix: string,
  textOf: (row: RatedResponse) => number,
): Column[] {
  const at = (row: RatedResponse, attribute: number): number => {
    const text = textOf(row);
    return text < 0 ? Number.NaN : values[text * WIDTH + attribute]!;
  };
  return [
    ...ATTRIBUTES.map((name, attribute) => numeric(name + suffix, rows, (row) => at(row, attribute))),
    numeric(`REASONING_NUANCE${suffix}`, rows, (row) => at(row, REASONING) * at(row, NUANCE)),
  ];
}

function numeric(
  name: string,
  rows: readonly RatedResponse[],
  value: (row: RatedResponse) => number,
): Column {
  return { type: "numeric", name, values: Float64Array.from(rows, value) };
}

/** Levels in the order of their first row. */
function factor(name: string, rows: readonly RatedResponse[], value: (row: RatedResponse) => string): Column {
  const levels = new Map<string, number>();
  const codes = Int32Array.from(rows, (row) => {
    const level = value(row);
    const known = levels.get(level);
    if (known !== undefined) return known;
    levels.set(level, levels.size);
    return levels.size - 1;
  });
  return { type: "factor", name, levels: [...levels.keys()], codes };
}

/** A table's CSV text in pieces, numbers in full precision, missing values empty. */
export function* tableToCsv(table: Frame): Generator<string> {
  const columns = [...table.columns.values()];
  yield `${columns.map((column) => csvCell(column.name)).join(",")}\n`;
  const cells = columns.map(cellsOf);
  let lines: string[] = [];
  for (let row = 0; row < table.rows; row++) {
    lines.push(cells.map((cell) => cell(row)).join(","));
    if (lines.length < 2048 && row < table.rows - 1) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
}

function cellsOf(column: Column): (row: number) => string {
  if (column.type === "numeric") {
    const { values } = column;
    return (row) => (Number.isNaN(values[row]!) ? "" : String(values[row]!));
  }
  const { codes } = column;
  const levels = column.levels.map(csvCell);
  return (row) => levels[codes[row]!] ?? "";
}
