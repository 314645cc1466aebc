import { expect, test } from "vitest";
import { formatScores, type ScoreRow } from "../../src/scores/index.ts";

const row: ScoreRow = { column_id: "user_prompt", text_id: 'in"t,0', attribute: "NUANCE", score: 1 / 3 };

test("CSV quotes what needs it and keeps every digit", () => {
  expect([...formatScores([row], "csv")].join("")).toBe(
    'column_id,text_id,attribute,score\nuser_prompt,"in""t,0",NUANCE,0.3333333333333333\n',
  );
});

test("provenance becomes columns, absent values empty cells", () => {
  const rows: ScoreRow[] = [
    { ...row, text_id: "int0", provenance: { provider: "Perspective", at: "a\nb" } },
    { ...row, text_id: "int1", provenance: { provider: "Perspective" } },
  ];
  expect([...formatScores(rows, "csv")].join("")).toBe(
    'column_id,text_id,attribute,score,provider,at\nuser_prompt,int0,NUANCE,0.3333333333333333,Perspective,"a\nb"\nuser_prompt,int1,NUANCE,0.3333333333333333,Perspective,\n',
  );
  expect([...formatScores(rows, "jsonl")].join("").split("\n")[1]).toBe(
    '{"column_id":"user_prompt","text_id":"int1","attribute":"NUANCE","score":0.3333333333333333,"provider":"Perspective"}',
  );
});

test("no rows are a file with its column names, and an empty JSON Lines file", () => {
  expect([...formatScores([], "csv")]).toEqual(["column_id,text_id,attribute,score\n"]);
  expect([...formatScores([], "jsonl")]).toEqual([]);
});

test("rows that no reader could take are refused", () => {
  const format = (...rows: ScoreRow[]) => [...formatScores(rows, "csv")];
  const hash = "0".repeat(64);
  expect(() => format({ ...row, score: Number.NaN })).toThrow("score NaN of NUANCE is not in [0, 1]");
  expect(() => format(row, { text_sha256: hash, attribute: "NUANCE", score: 1 })).toThrow(
    "a row has 'text_sha256', the first has column_id, text_id, attribute, score: all rows need the same columns",
  );
  expect(() => format(row, { ...row, provenance: { at: "now" } })).toThrow("a row has 'at'");
  expect(() => format({ ...row, provenance: { score: "1" } })).toThrow("provenance 'score'");
});
