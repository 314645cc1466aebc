import { el, part } from "../dom.ts";
import { fitFacts } from "../fit-facts.ts";
import { methodSentence } from "../imported.ts";
import type { Page } from "../page.ts";
import { runName } from "../run-name.ts";

export const methods: Page = {
  id: "methods",
  name: "Methods",
  question: "How was this done?",
  heading: () => "Methods",
  has: () => true,
  build: ({ data }) => [
    el(
      "p",
      {},
      `${methodSentence(data)} Estimates are posterior medians, est. error is the posterior standard deviation, and intervals run from the 5% to the 95% quantile (90% intervals). R-hat is the rank-normalised split R-hat, and ESS the bulk and tail effective sample size, of Vehtari et al. (2021, doi:10.1214/20-BA1221).`,
    ),
    part(
      "Each fit",
      ...data.runs.map((run) =>
        el("details", {}, el("summary", {}, runName(run, data)), fitFacts(run, data)),
      ),
    ),
  ],
};
