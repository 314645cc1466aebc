import { expect, test } from "vitest";
import { ATTRIBUTES, attributeIndex, nearestAttribute } from "../../src/scores/index.ts";

test("our names and Perspective's, exactly", () => {
  for (const [k, name] of ATTRIBUTES.entries()) expect(attributeIndex(name)).toBe(k);
  expect(attributeIndex("PERSONAL_STORY_EXPERIMENTAL")).toBe(ATTRIBUTES.indexOf("PERSONAL_STORY"));
  for (const name of ["TOXICITY_EXPERIMENTAL", "nuance", " NUANCE", "", "constructor"]) {
    expect(attributeIndex(name)).toBe(-1);
  }
});

test("the nearest name", () => {
  expect(nearestAttribute("nuance")).toBe("NUANCE");
  expect(nearestAttribute("personal story")).toBe("PERSONAL_STORY");
  expect(nearestAttribute("TOXICITY_EXPERIMENTAL")).toBe("TOXICITY");
  expect(nearestAttribute("RESPCT")).toBe("RESPECT");
  for (const name of ["INSULT", "provider", "SEVERE_TOXICITY", "x"])
    expect(nearestAttribute(name)).toBeUndefined();
});
