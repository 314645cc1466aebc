import { describe, expect, it } from "vitest";
import { attributesOf, chosenOf, subsetsOf } from "../src/page/choices.ts";
import { linkTo, readView, type View, Views, writeView } from "../src/page/view.ts";
import { makeData, SUBSETS, TERMS } from "./figure-data.ts";

const PAGES = ["found", "tables"];

describe("a view", () => {
  it("is in the address, and comes back from it", () => {
    const view: View = {
      scale: "ratio",
      ...{ page: "tables", level: 0.5, attributes: ["A&B", "C D"], subsets: [] },
      own: { row: "row-1a-x", sort: "é" },
    };
    expect(readView(writeView(view), PAGES)).toEqual(view);
    expect(linkTo("tables", { row: "a" })).toBe("#tables?row=a");
  });

  it("is the first page with its defaults where the address is nothing that is known", () => {
    const start = {
      ...{ page: "found", scale: "coefficient", level: 0.9, attributes: undefined, subsets: undefined },
      own: {},
    };
    for (const hash of ["", "#", "#nowhere", "#nowhere?scale=loud&level=2", "#found?level=NaN"])
      expect(readView(hash, PAGES)).toEqual(start);
  });

  it("keeps scale, interval and choices from page to page, and forgets what one page keeps for itself", () => {
    const place = {
      location: { hash: "#tables?scale=percent&level=0.95&attributes=A&row=x" },
      addEventListener: () => {},
      history: { replaceState: () => {} },
    };
    const views = new Views(PAGES, place as unknown as Window);
    const seen: string[] = [];
    const end = views.subscribe((view, before) => seen.push(`${before.level} ${view.level}`));
    views.follow("#found");
    expect(place.location.hash).toBe("#found?scale=percent&level=0.95&attributes=A");
    views.change({ level: 0.8 });
    end();
    views.change({ level: 0.5 });
    expect(seen).toEqual(["0.95 0.8"]);
    expect(views.view.level).toBe(0.5);
  });
});

describe("choices", () => {
  const data = makeData();
  const view = readView("", PAGES);

  it("are the attributes and the subsets that fits are of", () => {
    expect(attributesOf(data)).toEqual(TERMS);
    expect(subsetsOf(data)).toEqual(SUBSETS);
  });

  it("leave out coefficients of what is not chosen, the prompts' and interactions too", () => {
    expect(chosenOf(data, view).variables).toBeUndefined();
    const { variables } = chosenOf(data, { ...view, attributes: ["RESPECT"] });
    expect(variables).toContain("b_RESPECT");
    expect(variables).toContain("b_RESPECT_human");
    const interactions = variables!.filter((name) => name.includes(":"));
    expect(interactions.length).toBeGreaterThan(0);
    expect(interactions.filter((name) => !name.includes("RESPECT"))).toEqual([]);
    expect(variables!.filter((name) => /TOXICITY|AFFINITY/.test(name))).toEqual([]);
    expect(
      chosenOf(data, { ...view, attributes: [] }).variables!.filter((name) => /RESPECT/.test(name)),
    ).toEqual([]);
  });
});
