import { evidenceOf } from "../../evidence.ts";
import type { Figure } from "../../figures/figure.ts";
import { whole } from "../../rounding.ts";
import { list } from "../../sentences.ts";
import { el } from "../dom.ts";
import type { Page, PageContent } from "../page.ts";
import { linkTo } from "../view.ts";
import { figuresOn, figuresWithControls } from "./figure-page.ts";

/** A page of figures; it is there when it has any. */
const figurePage = (
  id: string,
  place: Figure["page"],
  name: string,
  question: string,
  heading: (content: PageContent) => string,
): Page => ({
  id,
  name,
  question,
  heading,
  has: (content) => figuresOn(content, place).length > 0,
  build: (context) => figuresWithControls(context, figuresOn(context, place)),
});

/** How many rows of an analysis have a nearly certain sign, in words. */
function certain({ data }: PageContent, chosen: (fit: string) => boolean): string | undefined {
  const rows = (data.results?.rows ?? []).filter(({ fit }) => chosen(fit));
  if (rows.length === 0) return undefined;
  const sure = rows.filter((row) => {
    const { strength } = evidenceOf(row.ours, row.direction);
    return strength === "all" || strength === "strong";
  });
  return `${whole(sure.length)} of ${whole(rows.length)}`;
}

export const effects = figurePage(
  "figures",
  "findings",
  "Effects",
  "How large are the effects, and how sure are they?",
  (content) => {
    const { results, runs } = content.data;
    const main = results?.fits.filter(({ role, dv }) => role === "paper" && dv === null).map(({ id }) => id);
    const known = main && certain(content, (fit) => main.includes(fit));
    return known === undefined
      ? `Effects and their uncertainty, from ${runs.length === 1 ? "one fit" : `${whole(runs.length)} fits`}`
      : `${known} effects have a sign that is nearly certain`;
  },
);

export const distributions = figurePage(
  "distributions",
  "distributions",
  "Attributes",
  "How are the attributes distributed?",
  ({ data: { overview } }) => {
    const widest = overview?.attributes
      .map(({ name, parts }) => ({ name, sd: parts[0]?.sd ?? 0 }))
      .toSorted((a, b) => b.sd - a.sd)[0];
    return widest
      ? `${widest.name.replaceAll("_", " ")} varies most, with a standard deviation of ${widest.sd.toFixed(2)}`
      : "Distributions of the attributes";
  },
);

export const moderation: Page = {
  ...figurePage(
    "moderation",
    "moderation",
    "Who prefers what",
    "Do the effects differ between people?",
    (content) => {
      const rows = moderated(content);
      const sure = rows.filter(({ ours, direction }) =>
        ["all", "strong"].includes(evidenceOf(ours, direction).strength),
      );
      return rows.length === 0
        ? "Differences of the effects between people"
        : `${whole(sure.length)} of ${whole(rows.length)} differences between people have a sign that is nearly certain`;
    },
  ),
  build: (context) => [
    moderated(context).length > 0 &&
      el(
        "p",
        { class: "lead" },
        el(
          "a",
          { href: linkTo("tables", { analysis: moderated(context)[0]!.analysis }) },
          "All differences, beside what was published, are in the tables.",
        ),
      ),
    ...figuresWithControls(context, figuresOn(context, "moderation"), { subsets: false }),
  ],
};

const moderated = ({ data }: PageContent) =>
  (data.results?.rows ?? []).filter(({ term, dv }) => dv === null && /TRUE:|:.*TRUE/.test(term));

export const prompts: Page = {
  ...figurePage(
    "prompts",
    "prompts",
    "Prompts and responses",
    "Do responses take after their prompts?",
    ({ data }) => {
      const rows = (data.results?.rows ?? []).filter(({ dv }) => dv !== null);
      const own = rows.filter(({ term, dv }) => term.replace(/_human$/, "") === dv);
      const alike = own.filter(
        ({ ours, direction }) =>
          ours.estimate > 0 && ["all", "strong"].includes(evidenceOf(ours, direction).strength),
      );
      if (own.length === 0) return "Attributes of prompts and of the responses to them";
      const most = alike.toSorted((a, b) => b.ours.estimate - a.ours.estimate)[0];
      return `${alike.length === own.length ? `All ${own.length}` : `${alike.length} of ${own.length}`} attributes of responses rise with the same attribute of the prompt${most ? `, ${list([most.dv!.replaceAll("_", " ")])} most` : ""}`;
    },
  ),
  build: (context) => figuresWithControls(context, figuresOn(context, "prompts"), { subsets: false }),
};
