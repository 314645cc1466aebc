import type { PlanResults, SensitivityRow } from "@bridgewise/core";
import { counted, fixed, whole } from "../../rounding.ts";
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
    const kinds = kindsOf(rows);
    const when = kinds.length === 1 ? CHANGES[kinds[0]!] : "something is varied";
    return `${signsKept(rows)} when ${when}`;
  },
  has: ({ data: { results }, figures }) =>
    results !== undefined || figures.some(({ page }) => page === "robustness"),
  build: (context) => {
    const { results } = context.data;
    const figures = figuresOn(context, "robustness");
    return [
      ...(results ? [inShort(results), multiplicity(results), comparisons(results)] : []),
      figures.length > 0 && controls(context, { scales: scalesOf(figures) }),
      ...figures.map((figure) => figureView(figure, context)),
      ...(results ? [vifs(results), sensitivity(results)] : []),
    ];
  },
};

/** "All 7 estimates keep their sign", "3 of 7 estimates keep their sign". */
export function signsKept(rows: readonly SensitivityRow[]): string {
  const kept = rows.filter(({ ours, base }) => Math.sign(ours.estimate) === Math.sign(base.estimate)).length;
  if (rows.length === 1) return `The estimate ${kept === 1 ? "keeps" : "changes"} its sign`;
  if (kept === rows.length) return `All ${whole(kept)} estimates keep their sign`;
  return `${whole(kept)} of ${whole(rows.length)} estimates ${kept === 1 ? "keeps its" : "keep their"} sign`;
}

/** How many of the estimates stay within one standard error of the base fit's. */
export function staysNear(rows: readonly SensitivityRow[]): string {
  const near = rows.filter((row) => Math.abs(shift(row)) <= 1).length;
  if (rows.length === 1) return `it moves by ${near === 1 ? "at most" : "more than"} one standard error`;
  const who =
    near === rows.length
      ? "all move"
      : near === 0
        ? "none moves"
        : near === 1
          ? "one moves"
          : `${whole(near)} move`;
  return `${who} by at most one standard error`;
}

/** How far a varied estimate is from the base fit's, in the base fit's standard errors. */
const shift = ({ ours, base }: SensitivityRow): number => (ours.estimate - base.estimate) / base.est_error;

const kindsOf = (rows: readonly SensitivityRow[]): Kind[] => [
  ...new Set(rows.map(({ variation }) => variation.kind)),
];

/** What each kind of variation does to the estimates, a line each. */
function inShort({ sensitivity: rows, simulated }: PlanResults): Child {
  if (rows.length === 0)
    return el(
      "p",
      { class: "lead" },
      "Nothing was varied here: with --sensitivity a plan is also run with other priors, without single levels and with noise in its attributes, as far as it says so.",
    );
  return el(
    "ul",
    { class: "sentences lead" },
    ...kindsOf(rows).map((kind) => {
      const own = rows.filter(({ variation }) => variation.kind === kind);
      const signs = signsKept(own);
      return el(
        "li",
        {},
        `When ${CHANGES[kind]}, ${signs.charAt(0).toLowerCase()}${signs.slice(1)}, and ${staysNear(own)}.${simulated && kind === "ties" ? SIMULATED_TIES : ""}`,
      );
    }),
  );
}

/** What `bridgewise simulate` does (its SIMULATED.json says so, too). */
const SIMULATED_TIES =
  " In simulated data that had to be: choices and scores are drawn apart, each from coefficients of its own.";

function multiplicity({ multiplicity: m }: PlanResults): Child {
  return part("How many hypotheses, and how many chance would mark", el("p", {}, multiplicityText(m)));
}

/** How many hypotheses there are, and how many of their marks chance alone would give. */
export function multiplicityText(m: PlanResults["multiplicity"]): string {
  const wrong =
    m.starred === 0
      ? ""
      : m.starred === 1
        ? ` By the posterior itself, the starred one has the wrong sign with probability ${fixed(m.expected_sign_errors, 2)}.`
        : ` By the posteriors themselves, ${m.expected_sign_errors < 0.5 ? "fewer than one" : `about ${fixed(m.expected_sign_errors, 1)}`} of the ${whole(m.starred)} starred ones ${m.expected_sign_errors < 0.5 ? `is expected to have the wrong sign (${fixed(m.expected_sign_errors, 2)})` : "are expected to have the wrong sign"}.`;
  return `${m.hypotheses === 1 ? "1 hypothesis was tested." : `${whole(m.hypotheses)} hypotheses were tested, none corrected for their number.`} ${counted(m.starred, "has", "have")} an evidence ratio above 100 (*), ${whole(m.daggered)} one above 10 and at most 100 (†). If every coefficient were 0, chance alone would put about ${fixed(m.starred_by_chance, 1)} above 100 and ${fixed(m.marked_by_chance, 1)} above 10.${wrong}`;
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
            : `${title}: ${better} predicts better, by ${thousands(Math.abs(d))} (standard error ${fixed(se, 1)}, ${Number.isFinite(times) ? `${fixed(times, 1)} of them` : "no error"}).`,
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

const thousands = (value: number): string =>
  value.toLocaleString("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function vifs({ vifs: list }: PlanResults): Child {
  if (list.length === 0) return undefined;
  const own = [...new Set(list.map(({ fit }) => fit))];
  const terms = [...new Set(list.map(({ term }) => term))];
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
      "Variance inflation factors of the fixed effects, by fit",
      "vifs",
      [textual("Coefficient"), ...own.map((fit) => numeric(fit))],
      terms.map((term) => [
        { text: termWords(term) },
        ...own.map((fit): Cell => {
          const vif = list.find((row) => row.fit === fit && row.term === term)?.vif;
          return num(vif, 2, vif !== undefined && vif > HIGH_VIF ? "warn" : undefined);
        }),
      ]),
    ),
  );
}

type Kind = SensitivityRow["variation"]["kind"];

const KINDS: Readonly<Record<Kind, string>> = {
  priors: "Other priors",
  ties: "Ties",
  "leave-one-out": "Without one level",
  noise: "Noise in the scores",
  other: "Other variations",
};

/** The same within a sentence. */
const CHANGES: Readonly<Record<Kind, string>> = {
  priors: "priors are others",
  ties: "ties are treated otherwise",
  "leave-one-out": "one level is left out",
  noise: "noise is added to the attributes",
  other: "something else is changed",
};

function sensitivity({ sensitivity: rows }: PlanResults): Child {
  if (rows.length === 0) return undefined;
  return part(
    "When something is varied",
    ...kindsOf(rows).flatMap((kind) => {
      const own = rows.filter(({ variation }) => variation.kind === kind);
      const most = own.toSorted((a, b) => Math.abs(shift(b)) - Math.abs(shift(a)))[0]!;
      const attenuated = own.some(({ attenuation }) => attenuation !== null);
      return [
        el("h3", {}, KINDS[kind]),
        el(
          "p",
          {},
          `Most changed is ${termWords(most.term)} in ${most.variation.base} (${most.variation.label}): from ${fixed(most.base.estimate, 3)} to ${fixed(most.ours.estimate, 3)}, ${fixed(Math.abs(shift(most)), 1)} of its standard errors.`,
        ),
        dataTable(
          `${KINDS[kind]}: estimates beside those of the base fit, with 90% intervals`,
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
