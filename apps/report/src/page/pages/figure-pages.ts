import type { Figure } from "../../figures/figure.ts";
import { isSure, mirrorHeadline, moderationHeadline } from "../../headlines.ts";
import { whole } from "../../rounding.ts";
import { moderator } from "../../row-sentence.ts";
import { capital, proseWords } from "../../words.ts";
import { el } from "../dom.ts";
import type { Page, PageContent, Words } from "../page.ts";
import { linkTo } from "../view.ts";
import { figuresOn, figuresWithControls } from "./figure-page.ts";

/** A page of figures; it is there when it has any. */
const figurePage = (
  id: string,
  place: Figure["page"],
  name: Words,
  question: Words,
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
  const sure = rows.filter(isSure);
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
      ? `${capital(proseWords(widest.name))} varies most, with a standard deviation of ${widest.sd.toFixed(2)}`
      : "Distributions of the attributes";
  },
);

export const moderation: Page = {
  ...figurePage(
    "moderation",
    "moderation",
    (content) => (moderated(content).length > 0 ? "Who prefers what" : "Interactions"),
    (content) =>
      moderated(content).length > 0
        ? "Do the effects differ between people?"
        : "What do the effects depend on?",
    (content) => {
      const rows = moderated(content);
      return rows.length === 0 ? "Effects that depend on something else" : moderationHeadline(rows);
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
  (data.results?.rows ?? []).filter((row) => row.dv === null && moderator(row) !== undefined);

export const prompts: Page = {
  ...figurePage(
    "prompts",
    "prompts",
    (content) => (mirrored(content) ? "Prompts and responses" : "Several responses"),
    (content) =>
      mirrored(content)
        ? "Do responses take after their prompts?"
        : "How do several responses depend on the same things?",
    (content) => mirrored(content) ?? "The effects on each response, side by side",
  ),
  build: (context) => figuresWithControls(context, figuresOn(context, "prompts"), { subsets: false }),
};

const mirrored = ({ data }: PageContent): string | undefined => mirrorHeadline(data.results?.rows ?? []);
