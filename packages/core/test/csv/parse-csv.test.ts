import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type CsvOptions, parseCsv } from "../../src/csv/index.ts";
import type { Frame } from "../../src/frame/index.ts";
import { messageOf } from "../frame/message-of.ts";

const parse = (text: string, options: Partial<CsvOptions> = {}): Frame =>
  parseCsv(text, { source: "f.csv", ...options });
const error = (text: string | Uint8Array, options: Partial<CsvOptions> = {}): string =>
  messageOf(() => parseCsv(text, { source: "f.csv", ...options }));
const values = (frame: Frame, name: string): number[] => {
  const column = frame.columns.get(name);
  if (column?.type !== "numeric") throw new Error(`${name} is not numeric`);
  return Array.from(column.values);
};
const texts = (frame: Frame, name: string): (string | undefined)[] => {
  const column = frame.columns.get(name);
  if (column?.type !== "factor") throw new Error(`${name} is not a factor`);
  return Array.from(column.codes, (code) => column.levels[code]);
};

describe("types of columns", () => {
  test("numbers, texts, missing cells", () => {
    const frame = parse('x,g,empty\n1,b,\n-2.5e1,"a",NA\nNA,,\n,NA, \n 7 ,b,NA\n');
    expect(frame.rows).toBe(5);
    expect([...frame.columns.keys()]).toEqual(["x", "g", "empty"]);
    expect(values(frame, "x")).toEqual([1, -25, Number.NaN, Number.NaN, 7]);
    expect(frame.columns.get("g")).toEqual({
      type: "factor",
      name: "g",
      levels: ["a", "b"],
      codes: Int32Array.of(1, 0, -1, -1, 1),
    });
    expect(values(frame, "empty")).toEqual(new Array(5).fill(Number.NaN));
    expect(frame.columns.get("x")).not.toHaveProperty("invalid");
  });

  test("a text after numbers makes all of them texts, as they were written", () => {
    const frame = parse("id,x\n1.0,1\nNA,2\n07,3\n2a,4\n");
    expect(texts(frame, "id")).toEqual(["1.0", undefined, "07", "2a"]);
    expect(values(frame, "x")).toEqual([1, 2, 3, 4]);
  });

  test("more rows than the readers start with", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},g${i % 7}`);
    const frame = parse(`x,g\n${rows.join("\n")}`);
    expect(values(frame, "x").at(-1)).toBe(4999);
    expect(texts(frame, "g").at(-1)).toBe("g1");
    expect(frame.lines?.at(-1)).toBe(5001);
  });

  test("NaN and infinite cells are numbers, remembered as they were written", () => {
    const frame = parse("x\n1\nNaN\nInf\n-Infinity\nNA\n1e999\n");
    expect(values(frame, "x")).toEqual([1, Number.NaN, Infinity, -Infinity, Number.NaN, Infinity]);
    expect(frame.columns.get("x")).toHaveProperty(
      "invalid",
      new Map([
        [1, "NaN"],
        [2, "Inf"],
        [3, "-Infinity"],
        [5, "1e999"],
      ]),
    );
  });

  test("TRUE and FALSE, hexadecimal numbers and identifiers beyond 2^53 are texts", () => {
    const frame = parse("t,h,id\nTRUE,0x10,9007199254740993\nFALSE,1,9007199254740992\n");
    expect(texts(frame, "t")).toEqual(["TRUE", "FALSE"]);
    expect(texts(frame, "h")).toEqual(["0x10", "1"]);
    expect(texts(frame, "id")).toEqual(["9007199254740993", "9007199254740992"]);
  });
});

describe("syntax", () => {
  test("byte order mark, CRLF, blank lines, no line break at the end", () => {
    const text = `\uFEFF"x",g\r\n1,a\r\n\r\n2,b`;
    for (const input of [text, new TextEncoder().encode(text)]) {
      const frame = parseCsv(input, { source: "f.csv" });
      expect([...frame.columns.keys()]).toEqual(["x", "g"]);
      expect(values(frame, "x")).toEqual([1, 2]);
      expect(frame.lines).toEqual(Int32Array.of(2, 4));
    }
  });

  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("rows know the line they start in, past quoted line breaks (%s)", (_, eol) => {
    const frame = parse(["x,g", '1,"a', "", 'b"', "2,c", '3,"d', '"', "4,e"].join(eol));
    expect(texts(frame, "g")).toEqual([`a${eol}${eol}b`, "c", `d${eol}`, "e"]);
    expect(frame.lines).toEqual(Int32Array.of(2, 5, 6, 8));
  });

  test("quoted commas and doubled quotes, names in any script", () => {
    const frame = parse('"a,b",größe\n"x ""y"", z",1\n');
    expect(texts(frame, "a,b")).toEqual(['x "y", z']);
    expect(values(frame, "größe")).toEqual([1]);
  });
});

describe("columns and rename", () => {
  const text = "rating,rater,text\n3,u1,hello\n4,u2,world\n";

  test("only the columns asked for are there, in that order", () => {
    expect([...parse(text, { columns: ["rater", "rating"] }).columns.keys()]).toEqual(["rater", "rating"]);
  });

  test("columns take new names, before they are chosen", () => {
    const rename = { response: "rating", user_id: "rater" };
    expect([...parse(text, { rename }).columns.keys()]).toEqual(["response", "user_id", "text"]);
    const chosen = parse(text, { rename, columns: ["response"] });
    expect([...chosen.columns.keys()]).toEqual(["response"]);
    expect(chosen.columns.get("response")).toHaveProperty("name", "response");
  });

  test("two columns can swap names", () => {
    expect([...parse(text, { rename: { rating: "rater", rater: "rating" } }).columns.keys()]).toEqual([
      "rater",
      "rating",
      "text",
    ]);
  });

  test("names that do not exist, or exist already", () => {
    expect(error(text, { columns: ["ratr"] })).toBe(
      "f.csv, column 'ratr': no such column; did you mean 'rater'? the columns are rating, rater, text",
    );
    expect(error(text, { rename: { response: "score" } })).toBe(
      "f.csv, column 'score': no such column to be called 'response'; the columns are rating, rater, text",
    );
    expect(error(text, { rename: { text: "rating" } })).toBe(
      "f.csv, column 'rating': cannot be called 'text', there is another column of that name; rename that one too",
    );
  });
});

describe("files to mend", () => {
  test.each([
    ["an empty file", "", "f.csv: the file is empty; give a CSV with a header and at least one row"],
    ["blank lines alone", "\n\n", "f.csv: the file is empty; give a CSV with a header and at least one row"],
    ["a header alone", "x,y\n", "f.csv: there is a header but no row below it; give at least one row"],
    [
      "a duplicated name",
      "x,y,x\n1,2,3\n",
      "f.csv, line 1, column 'x': columns 1 and 3 have the same name; rename one of them",
    ],
    ["an empty name", "x,,y\n1,2,3\n", "f.csv, line 1: column 2 of 3 has no name; name it in the first line"],
    [
      "a row that is too short",
      'x,y\n1,"a\nb"\n\n2\n',
      "f.csv, line 5: 1 cells where the header has 2; give every column a cell, empty if missing",
    ],
    [
      "a row that is too long",
      "x,y\n1,2\n3,4,5\n",
      "f.csv, line 3: 3 cells where the header has 2; quote cells that contain commas",
    ],
    [
      "a quote that is never closed",
      'x,y\n1,2\n3,"4\n5,6\n',
      'f.csv, line 3: a quoted cell that starts here or later is never closed; close its quote, or double it ("")',
    ],
    [
      "text after a closing quote",
      'x,y\r\n1,"a\r\nb"\r\n3,"4"b\r\n',
      'f.csv, line 4: text follows a closing quote; double the quotes inside a cell ("")',
    ],
    [
      "a quote inside a cell",
      'x,y\n1,5"\n',
      'f.csv, line 2: a quote inside a cell that is not quoted; quote the whole cell and double the quote ("")',
    ],
    ["semicolons", "x;y\n1;2\n", "f.csv, line 1: cells are separated by semicolons; save it with commas"],
  ])("%s", (_, text, message) => {
    expect(error(text)).toBe(message);
  });

  test("other encodings", () => {
    expect(error(Uint8Array.of(0x78, 0x0a, 0xfc, 0x0a))).toBe(
      "f.csv: the file is not in UTF-8; save it as CSV in UTF-8",
    );
  });
});

describe("fixtures", () => {
  const read = (name: string): Frame =>
    parseCsv(readFileSync(new URL(`../../../../fixtures/data/${name}`, import.meta.url)), { source: name });

  test.each([
    [
      "VerbAgg.csv",
      7584,
      { Anger: 0, Gender: 2, item: 24, resp: 3, id: 0, btype: 3, situ: 2, mode: 2, r2: 2 },
    ],
    ["Pastes.csv", 60, { strength: 0, batch: 10, cask: 3, sample: 30 }],
    ["sleepstudy.csv", 180, { Reaction: 0, Days: 0, Subject: 0 }],
    ["Penicillin.csv", 144, { diameter: 0, plate: 24, sample: 6 }],
  ])("%s: rows and levels (0: numeric)", (name, rows, levels) => {
    const frame = read(name);
    expect(frame.rows).toBe(rows);
    expect(
      Object.fromEntries(
        [...frame.columns.values()].map((c) => [c.name, c.type === "factor" ? c.levels.length : 0]),
      ),
    ).toEqual(levels);
    expect(frame.lines?.at(-1)).toBe(rows + 1);
  });

  test("prism-like.csv", () => {
    const frame = read("prism-like.csv");
    expect(frame.rows).toBe(30_224);
    const levels = ["user_id", "conversation_id", "model_name"].map((name) => {
      const column = frame.columns.get(name);
      return column?.type === "factor" ? column.levels.length : 0;
    });
    expect(levels).toEqual([1396, 7960, 21]);
    expect(values(frame, "score")[0]).toBe(34);
    expect(values(frame, "REASONING_NUANCE")[1]).toBe(0.275316441939);
  });
});
