import type { Figure } from "../figures/figure.ts";
import type { ReportData } from "../report-data.ts";
import type { Child } from "./dom.ts";
import type { Views } from "./view.ts";

/** What a report is about. */
export interface PageContent {
  readonly data: ReportData;
  readonly figures: readonly Figure[];
}

/** What pages are built from. */
export interface PageContext extends PageContent {
  readonly views: Views;
  /** Says something to those who do not see that the page has changed. */
  announce(text: string): void;
}

/** Words that may depend on what the report is about. */
export type Words = string | ((content: PageContent) => string);

export const wordsFor = (words: Words, content: PageContent): string =>
  typeof words === "string" ? words : words(content);

/** A page: one question, with its answer as the heading. */
export interface Page {
  /** In links: `#tables`. */
  readonly id: string;
  /** In the navigation. */
  readonly name: Words;
  readonly question: Words;
  /** The answer, from the data. */
  heading(content: PageContent): string;
  /** Whether there is anything to show. */
  has(content: PageContent): boolean;
  build(context: PageContext): readonly Child[];
}
