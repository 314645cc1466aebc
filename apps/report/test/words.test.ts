import { describe, expect, it } from "vitest";
import { proseWords, subsetWords, termWords } from "../src/words.ts";

describe("names", () => {
  it.each([
    ["b_REASONING_NUANCE", "REASONING NUANCE", "nuanced reasoning"],
    ["PERSONAL_STORY_human", "PERSONAL STORY of the prompt", "personal story of the prompt"],
    ["b_younger:TOXICITY", "younger × TOXICITY", "younger times toxicity"],
    ["maleTRUE:RESPECT", "male × RESPECT", "male times respect"],
    ["b_REASONING_detrended", "REASONING detrended", "reasoning detrended"],
    // names of other data are told as they are
    ["b_GDP", "GDP", "GDP"],
    ["my_score", "my score", "my score"],
    ["constructor", "constructor", "constructor"],
    ["<b>A_B</b>", "<b>A B</b>", "<b>A B</b>"],
    ["", "", ""],
  ])("of %s", (name, table, prose) => {
    expect([termWords(name), proseWords(name)]).toEqual([table, prose]);
  });

  it("say of which part of the data a fit is", () => {
    expect(["all", "value guided", "some_part"].map(subsetWords)).toEqual([
      "all data",
      "value guided",
      "some part",
    ]);
  });
});
