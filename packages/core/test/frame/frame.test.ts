import { describe, expect, test } from "vitest";
import {
  cellError,
  cellText,
  dropUnusedLevels,
  editDistance,
  type FactorColumn,
  type Frame,
  factorFromNumbers,
  factorFromTexts,
  findColumn,
  frameFromArrays,
  listNames,
  nearestName,
  selectRows,
} from "../../src/frame/index.ts";
import { messageOf } from "./message-of.ts";

describe("frameFromArrays", () => {
  test("numbers make numeric columns, texts and booleans factors, null is missing", () => {
    const frame = frameFromArrays({ x: [1, null, 3], g: ["b", "a", undefined], t: [true, false, null] });
    expect(frame.rows).toBe(3);
    expect(frame.columns.get("x")).toEqual({
      type: "numeric",
      name: "x",
      values: Float64Array.of(1, Number.NaN, 3),
    });
    expect(frame.columns.get("g")).toEqual({
      type: "factor",
      name: "g",
      levels: ["a", "b"],
      codes: Int32Array.of(1, 0, -1),
    });
    expect(frame.columns.get("t")).toEqual({
      type: "factor",
      name: "t",
      levels: ["FALSE", "TRUE"],
      codes: Int32Array.of(1, 0, -1),
    });
  });

  test("refuses columns of unequal length and of mixed type", () => {
    expect(messageOf(() => frameFromArrays({ x: [1, 2], z: [1] }, "ratings"))).toBe(
      "ratings, column 'z': has 1 values, but 'x' has 2; give columns of one length",
    );
    expect(messageOf(() => frameFromArrays({ x: [1, "2"] }))).toBe(
      "data, column 'x': mixes numbers and texts; give all of them as texts",
    );
  });
});

describe("factors", () => {
  test("levels are sorted by code units: upper case first, no natural order of numbers", () => {
    expect(factorFromTexts("g", ["b", "item2", "Z", "item10", "a"]).levels).toEqual([
      "Z",
      "a",
      "b",
      "item10",
      "item2",
    ]);
  });

  test("those of numbers are sorted by value; 0 and -0 are one", () => {
    expect(factorFromNumbers("g", Float64Array.of(10, 9, -0, 0, Number.NaN, -1.5))).toEqual({
      type: "factor",
      name: "g",
      levels: ["-1.5", "0", "9", "10"],
      codes: Int32Array.of(3, 2, 1, 1, -1, 0),
    });
  });

  test("unused levels go, codes follow", () => {
    const factor: FactorColumn = {
      type: "factor",
      name: "g",
      levels: ["a", "b", "c", "d"],
      codes: Int32Array.of(3, 1, -1, 3),
    };
    expect(dropUnusedLevels(factor)).toEqual({
      ...factor,
      levels: ["b", "d"],
      codes: Int32Array.of(1, 0, -1, 1),
    });
  });
});

describe("selectRows", () => {
  const frame: Frame = {
    ...frameFromArrays({ x: [1, Number.POSITIVE_INFINITY, 3], g: ["a", "b", "c"] }, "f.csv"),
    lines: Int32Array.of(2, 5, 6),
  };

  test("takes rows in the order asked, with lines and invalid cells; levels stay", () => {
    const selected = selectRows(frame, [2, 0, 1]);
    expect(selected.rows).toBe(3);
    expect(selected.lines).toEqual(Int32Array.of(6, 2, 5));
    expect(selected.columns.get("x")).toEqual({
      type: "numeric",
      name: "x",
      values: Float64Array.of(3, 1, Number.POSITIVE_INFINITY),
      invalid: new Map([[2, "Infinity"]]),
    });
    expect(selected.columns.get("g")).toMatchObject({
      levels: ["a", "b", "c"],
      codes: Int32Array.of(2, 0, 1),
    });
    expect(selectRows(frame, [0]).columns.get("x")).not.toHaveProperty("invalid");
  });

  test("an index outside the frame is a RangeError", () => {
    expect(() => selectRows(frame, [3])).toThrow(RangeError);
    expect(() => selectRows(frame, [0.5])).toThrow(RangeError);
  });
});

describe("names that do not exist", () => {
  test.each([
    ["", "abc", 3],
    ["score", "score", 0],
    ["socre", "score", 1],
    ["kitten", "sitting", 3],
    ["TOXICTY", "TOXICITY", 1],
  ])("editDistance(%j, %j) = %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test("nearestName finds typing errors and other cases, not any name", () => {
    const names = ["REASONING", "score", "x"];
    expect(nearestName("REASONNG", names)).toBe("REASONING");
    expect(nearestName("Score", names)).toBe("score");
    expect(nearestName("reasoning", names)).toBe("REASONING");
    expect(nearestName("q", names)).toBe(undefined);
    expect(nearestName("rating", names)).toBe(undefined);
  });

  test("listNames shows eight", () => {
    expect(listNames("abcdefgh")).toBe("a, b, c, d, e, f, g, h");
    expect(listNames("abcdefghij")).toBe("a, b, c, d, e, f, g, h and 2 more");
  });

  test("findColumn names the nearest and those there are", () => {
    const frame = frameFromArrays({ score: [1], user_id: ["u"] }, "f.csv");
    expect(findColumn(frame, "score").name).toBe("score");
    expect(messageOf(() => findColumn(frame, "scor"))).toBe(
      "f.csv, column 'scor': no such column; did you mean 'score'? the columns are score, user_id",
    );
  });
});

describe("cells in messages", () => {
  test("have the line where there are lines, else the row", () => {
    const frame = frameFromArrays({ x: [1, 2] }, "f.csv");
    expect(cellError(frame, 1, "x", "is odd").message).toBe("f.csv, column 'x': row 2: is odd");
    const read = { ...frame, lines: Int32Array.of(2, 7) };
    expect(cellError(read, 1, "x", "is odd").message).toBe("f.csv, line 7, column 'x': is odd");
    expect(cellError(read, 1, "x", "is odd").place).toEqual({ file: "f.csv", line: 7, column: "x" });
  });

  test("are shown as they were written", () => {
    const { columns } = frameFromArrays({ x: [1.5, null, -Infinity], g: ["a", null, "b"] });
    expect([0, 1, 2].map((row) => cellText(columns.get("x")!, row))).toEqual(["1.5", "NA", "-Infinity"]);
    expect([0, 1, 2].map((row) => cellText(columns.get("g")!, row))).toEqual(["a", "NA", "b"]);
  });
});
