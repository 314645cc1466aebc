// One simulated data set and its fits: 1a and 1b on all conversations, the seven regressions of 3, and 2.
import { createHash } from "node:crypto";
import {
  buildModel,
  DEMOGRAPHICS,
  MERGED_ATTRIBUTES,
  markOf,
  simulatedTable,
  simulatePrism,
  summarize,
  truthFor,
} from "../packages/core/src/index.ts";
import { sample } from "../packages/sampler-gpu/src/index.ts";

const GROUPS = "(1 | user_id/conversation_id) + (1 | model_name)";
const right = (suffix) => `${MERGED_ATTRIBUTES.map((name) => name + suffix).join(" + ")} + ${GROUPS}`;

/** Formulas and priors are PAPER's; draws are as many as its 1a and 1b take (2 and 3 take 3,000 there). */
export const REGRESSIONS = [
  { analysis: "1a", response: "highest", family: "bernoulli", formula: `highest ~ ${right("")}` },
  { analysis: "1b", response: "log_score", family: "gaussian", formula: `log_score ~ ${right("")}` },
  ...MERGED_ATTRIBUTES.map((response) => ({
    analysis: "3",
    response,
    family: "gaussian",
    formula: `${response} ~ ${right("_human")}`,
  })),
  {
    analysis: "2",
    response: "log_score",
    family: "gaussian",
    formula: `log_score ~ (${DEMOGRAPHICS.join(" + ")}) * (${MERGED_ATTRIBUTES.join(" + ")}) + ${GROUPS}`,
  },
];

/** As `--only` names it: 1a, 3-TOXICITY. */
export const idOf = ({ analysis, response }) => (analysis === "3" ? `3-${response}` : analysis);

const PRIORS = ["b ~ normal(0, 1e6)"];

/** A data set, with a hash of all that is fitted. */
export function drawSet(seed, scale) {
  const data = simulatePrism({ seed, scale });
  const table = simulatedTable(data);
  const hash = createHash("sha256");
  for (const column of table.columns.values()) {
    hash.update(`${column.name} ${column.levels?.join(" ") ?? ""}`);
    hash.update(column.values ?? column.codes);
  }
  return { data, table, hash: hash.digest("hex") };
}

/** One regression: estimate, posterior sd and 90% interval of every parameter with a known true value. */
export async function fitOne({ data, table }, { analysis, response, family, formula }, lengths) {
  const began = performance.now();
  const { model } = buildModel({ formula, family, frame: table, priors: PRIORS });
  const { draws, divergences } = await sample(model, lengths);
  const summaries = summarize(draws);
  const truth = truthFor(markOf(data), {
    response,
    predictors: model.predictors,
    groups: model.groups.map((group) => group.name),
  });
  const of = Object.values(summaries);
  return {
    analysis,
    response,
    rows: model.rows,
    seconds: (performance.now() - began) / 1000,
    divergences,
    max_rhat: Math.max(...of.map((v) => v.rhat ?? 0)),
    min_ess: Math.min(...of.map((v) => v.ess_bulk ?? Infinity)),
    parameters: Object.entries(truth).map(([variable, value]) => {
      const { mean, sd, q5, q95 } = summaries[variable];
      return { variable, truth: value, estimate: mean, sd, q5, q95 };
    }),
  };
}
