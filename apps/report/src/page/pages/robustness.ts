import type { PlanResults } from "@bridgewise/core";
import { fixed, whole } from "../../rounding.ts";
import { termWords } from "../../words.ts";
import { num, numeric, textual } from "../cells.ts";
import { controls } from "../controls.ts";
import { type Child, el, part } from "../dom.ts";
import { figureView } from "../figure-view.ts";
import type { Page } from "../page.ts";
import { type Cell, dataTable } from "../table.ts";
import { linkTo } from "../view.ts";
import { figuresOn, scalesOf } from "./figure-page.ts";

/** A VIF above 5 is a common reason to look again (James et al., An Introduction to Statistical Learning, section 3.3.3: 5 or 10). */
const HIGH_VIF = 5;

export const robustness: Page = {
  id: "robustness",
  name: "Robustness",
  question: "Do the results hold when something is varied?",
  heading: ({ data: { results } }) => {
    const rows = results?.sensitivity ?? [];
    if (rows.length === 0) return "Comparisons, collinearity and the number of hypotheses";
    const turned = rows.filter(({ ours, base }) => Math.sign(ours.estimate) !== Math.sign(base.estimate));
    const sure = turned.filter(({ base }) => Math.abs(base.estimate) > 2 * base.est_error);
    return turned.length === 0
      ? `No estimate changes its sign in ${whole(rows.length)} variations`
      : `${whole(turned.length)} of ${whole(rows.length)} varied estimates change their sign, ${sure.length === 0 ? "none" : whole(sure.length)} of them two errors or more from 0 before`;
  },
  has: ({ data: { results }, figures }) =>
    results !== undefined || figures.some(({ page }) => page === "robustness"),
  build: (context) => {
    const { results } = context.data;
    const figures = figuresOn(context, "robustness");
    return [
      figures.length > 0 && controls(context, { scales: scalesOf(figures) }),
      ...figures.map((figure) => figureView(figure, context)),
      ...(results ? [multiplicity(results), comparisons(results), vifs(results), sensitivity(results)] : []),
    ];
  },
};

function multiplicity({ multiplicity: m }: PlanResults): Child {
  return part(
    "How many hypotheses, and how many chance would mark",
    el(
      "p",
      {},
      `${whole(m.hypotheses)} hypotheses were tested. ${whole(m.starred)} have an evidence ratio above 100 (*), and ${whole(m.daggered)} one above 10 and at most 100 (†). If every coefficient were 0, about ${fixed(m.starred_by_chance, 1)} would be above 100 and ${fixed(m.marked_by_chance, 1)} above 10, in the direction that was hypothesised. By the posterior itself, ${fixed(m.expected_sign_errors, 2)} of the ${whole(m.starred)} starred ones are expected to have the wrong sign.`,
    ),
  );
}

function comparisons({ comparisons: list }: PlanResults): Child {
  if (list.length === 0) return undefined;
  const published = list.some((c) => c.published !== null);
  return part(
    "Which model predicts better",
    el(
      "ul",
      { class: "sentences" },
      ...list.map(({ title, fits, elpd_diff: d, se_diff: se }) => {
        const better = d >= 0 ? fits[0] : fits[1];
        const times = se > 0 ? Math.abs(d) / se : Number.POSITIVE_INFINITY;
        return el(
          "li",
          {},
          times < 2
            ? `${title}: the two predict equally well, as far as can be told (difference ${fixed(d, 1)}, standard error ${fixed(se, 1)}).`
            : `${title}: ${better} predicts better, by ${fixed(Math.abs(d), 1)} (standard error ${fixed(se, 1)}, ${Number.isFinite(times) ? `${fixed(times, 1)} of them` : "no error"}).`,
        );
      }),
    ),
    dataTable(
      "Differences in expected log predictive density (elpd, PSIS-LOO), first fit minus second",
      "comparisons",
      [
        textual("Comparison"),
        textual("First"),
        textual("Second"),
        numeric("Difference"),
        numeric("Std. error"),
        ...(published ? [numeric("Published"), numeric("Its std. error")] : []),
        textual("Caveats"),
      ],
      list.map((c): Cell[] => [
        { text: c.title },
        ...c.fits.map((fit) => ({ text: fit, href: linkTo("diagnostics", { fit }) })),
        num(c.elpd_diff, 1),
        num(c.se_diff, 1),
        ...(published ? [num(c.published?.elpd_diff, 1), num(c.published?.se_diff, 1)] : []),
        { text: c.caveats.join("; ") || "none" },
      ]),
    ),
  );
}

function vifs({ vifs: list, fits }: PlanResults): Child {
  if (list.length === 0) return undefined;
  const high = list.filter(({ vif }) => vif > HIGH_VIF);
  const worst = list.toSorted((a, b) => b.vif - a.vif)[0]!;
  return part(
    "Collinearity",
    el(
      "p",
      {},
      `${high.length === 0 ? `No variance inflation factor is above ${HIGH_VIF}` : `${whole(high.length)} of ${whole(list.length)} variance inflation factors ${high.length === 1 ? "is" : "are"} above ${HIGH_VIF}`}; the largest is ${fixed(worst.vif, 2)}, of ${termWords(worst.term)} in ${worst.fit}.`,
    ),
    dataTable(
      "Variance inflation factors of the fixed effects",
      "vifs",
      [textual("Coefficient"), textual("Fit"), numeric("VIF")],
      list.map(({ fit, term, vif }) => [
        { text: termWords(term) },
        { text: fits.find(({ id }) => id === fit)?.id ?? fit, href: linkTo("diagnostics", { fit }) },
        num(vif, 2, vif > HIGH_VIF ? "warn" : undefined),
      ]),
    ),
  );
}

const KINDS: Readonly<Record<string, string>> = {
  priors: "Other priors",
  ties: "Ties",
  "leave-one-out": "Without one model",
  noise: "Noise in the scores",
  other: "Other variations",
};

function sensitivity({ sensitivity: rows }: PlanResults): Child {
  if (rows.length === 0) return undefined;
  const kinds = [...new Set(rows.map(({ variation }) => variation.kind))];
  return part(
    "When something is varied",
    ...kinds.flatMap((kind) => {
      const own = rows.filter(({ variation }) => variation.kind === kind);
      const shift = ({ ours, base }: (typeof own)[number]): number =>
        (ours.estimate - base.estimate) / base.est_error;
      const most = own.toSorted((a, b) => Math.abs(shift(b)) - Math.abs(shift(a)))[0]!;
      const attenuated = own.some(({ attenuation }) => attenuation !== null);
      return [
        el("h3", {}, KINDS[kind] ?? kind),
        el(
          "p",
          {},
          `The largest change is that of ${termWords(most.term)} in ${most.variation.base} (${most.variation.label}): from ${fixed(most.base.estimate, 3)} to ${fixed(most.ours.estimate, 3)}, ${fixed(Math.abs(shift(most)), 1)} of its standard errors.`,
        ),
        dataTable(
          `${KINDS[kind] ?? kind}: estimates beside those of the base fit, with 90% intervals`,
          `sensitivity-${kind}`,
          [
            textual("Coefficient"),
            textual("Base fit"),
            textual("Varied"),
            ...["Estimate", "Est. error", "90% from", "to", "Base", "Its error", "Change, SE"].map((name) =>
              numeric(name),
            ),
            ...(attenuated ? [numeric("Estimate / base")] : []),
          ],
          own.map((row): Cell[] => [
            { text: termWords(row.term), href: linkTo("diagnostics", { fit: row.fit }) },
            { text: row.variation.base },
            { text: row.variation.label },
            num(row.ours.estimate, 3),
            num(row.ours.est_error, 3),
            num(row.ours.ci_lower, 3),
            num(row.ours.ci_upper, 3),
            num(row.base.estimate, 3),
            num(row.base.est_error, 3),
            num(shift(row), 1, Math.abs(shift(row)) > 2 ? "warn" : undefined),
            ...(attenuated ? [num(row.attenuation, 3)] : []),
          ]),
        ),
      ];
    }),
  );
}
