import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError, parsePublished } from "../../src/index.ts";
import { shippedPlan } from "./ratings.ts";

const { plan } = shippedPlan("paper.yaml");
const TEXT = readFileSync(new URL("../../plans/paper.published.json", import.meta.url), "utf8");

type Row = Record<string, unknown>;
interface File {
  format: string;
  rows: Row[];
  comparisons: Row[];
}

/** What is said of the file after a change, written with one row a line. */
function fault(change: (file: File) => void): string {
  const file = JSON.parse(TEXT) as File;
  change(file);
  const rows = file.rows.map((row) => JSON.stringify(row)).join(",\n");
  const text = `{"format": ${JSON.stringify(file.format)},\n"rows": [\n${rows}],\n"comparisons": ${JSON.stringify(file.comparisons)}}`;
  return faultOf(text);
}

function faultOf(text: string): string {
  try {
    parsePublished(text, "published.json", plan);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("the file was taken");
}

/** Changes fields of the row with this index. */
const row =
  (index: number, fields: Row): ((file: File) => void) =>
  (file) => {
    file.rows[index] = { ...file.rows[index], ...fields };
  };

describe("parsePublished refuses", () => {
  it.each<readonly [string, (file: File) => void, RegExp]>([
    [
      "another format",
      (file) => Object.assign(file, { format: "x/1" }),
      /^published.json, line 1, position 12: the format is 'x\/1'/,
    ],
    [
      "an unknown key",
      row(0, { estimat: 1 }),
      /^published.json, line 3, position \d+: no key 'estimat' in entry 1 of 'rows' of the file; did you mean 'estimate'\?/,
    ],
    [
      "a missing value",
      row(1, { estimate: undefined }),
      /line 4, position 1: entry 2 of 'rows' of the file has no 'estimate'/,
    ],
    [
      "a text for a number",
      row(2, { ci_lower: "1" }),
      /line 5, position \d+: 'ci_lower' of entry 3 of 'rows' of the file is the text '1', expected a number/,
    ],
    ["a direction that is none", row(2, { direction: "=" }), /is '='; it is one of <, >/],
    ["an error of 0", row(2, { est_error: 0 }), /is 0; a standard error is above 0/],
    [
      "an unknown analysis",
      row(0, { analysis: "1c" }),
      /line 3, position 1: .*the plan has no analysis '1c'; did you mean '1a'\?/,
    ],
    [
      "an unknown subset",
      row(0, { conversation_type: "values guided" }),
      /analysis '1a' has no subset 'values guided'; did you mean 'value guided'\?/,
    ],
    [
      "an unknown response",
      row(133, { dv: "RESPEKT" }),
      /line 136, position 1: .*analysis '3' has no response 'RESPEKT'; did you mean 'RESPECT'\?/,
    ],
    ["a missing response", row(133, { dv: undefined }), /analysis '3' has no response '\(none\)'/],
    ["an unknown term", row(0, { term: "REASON" }), /the fit '1a-all' has no hypothesis of 'REASON'/],
    [
      "the other direction",
      row(0, { direction: "<" }),
      /'REASONING_NUANCE' is published with < 0, and the fit '1a-all' tests > 0; mend one of them/,
    ],
    [
      "a row twice",
      (file) => file.rows.push(file.rows[0]!),
      /line 137, position 1: entry 135 of 'rows' of the file, 'REASONING_NUANCE', is published twice/,
    ],
    [
      "an unknown comparison",
      (file) => Object.assign(file.comparisons[0]!, { id: "model" }),
      /the plan has no comparison 'model'/,
    ],
  ])("%s", (_, change, says) => {
    expect(fault(change)).toMatch(says);
  });

  it("what is no JSON, with its place", () => {
    expect(faultOf('{"format": "bridgewise-published/1",\n"rows": [}')).toMatch(
      /^published.json, line 2, position \d+: /,
    );
  });
});

describe("published rows", () => {
  it("are found by fit and term, or are null", () => {
    const { rowOf } = parsePublished(TEXT, "published.json", plan);
    const fit = { analysis: "3", subset: "all", dv: "TOXICITY" };
    // Its star goes against the rule of the tables (a ratio above 100) and stays as published.
    expect(rowOf(fit, { term: "RESPECT_human" })).toMatchObject({ evidence_ratio: 9.545, star: "*" });
    expect(rowOf({ ...fit, dv: null }, { term: "RESPECT_human" })).toBeNull();
    expect(rowOf({ ...fit, analysis: "noise" }, { term: "RESPECT_human" })).toBeNull();
  });
});
