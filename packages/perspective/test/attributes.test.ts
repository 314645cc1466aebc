import { ATTRIBUTES, attributeIndex } from "@bridgewise/core";
import { expect, test } from "vitest";
import { apiName, attributeName, PERSPECTIVE_ATTRIBUTES } from "../src/index.ts";

test("the analyses' attributes are all there, by both names", () => {
  const analysed = PERSPECTIVE_ATTRIBUTES.filter((entry) => entry.analysed);
  expect(analysed.map((entry) => entry.name).sort()).toEqual([...ATTRIBUTES]);
  for (const { name, api, languages } of analysed) {
    expect(attributeIndex(api)).toBe(attributeIndex(name));
    expect(languages).toContain("en");
  }
});

test("names go there and back, and others stay as they are", () => {
  for (const { name, api } of PERSPECTIVE_ATTRIBUTES) {
    expect(attributeName(api)).toBe(name);
    expect(apiName(name)).toBe(api);
  }
  expect(apiName("NUANCE")).toBe("NUANCE_EXPERIMENTAL");
  expect(apiName("TOXICITY")).toBe("TOXICITY");
  expect(attributeName("MORAL_OUTRAGE_EXPERIMENTAL")).toBe("MORAL_OUTRAGE_EXPERIMENTAL");
});
