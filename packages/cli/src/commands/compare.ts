import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { compareRuns, type RunsCompared } from "../pipeline/loo-compare.ts";
import { stoppable } from "../stoppable.ts";
import { progressBar } from "../terminal/progress.ts";
import { alignColumns } from "../terminal/table.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag, threadsFlag } from "./fit-flags.ts";
import { rEffRuleFlag } from "./loo.ts";
import { dataFlag } from "./run-flags.ts";

export const compare = Command.make(
  "compare",
  {
    runs: Argument.String("runs").pipe(
      Argument.variadic({ min: 2 }),
      Argument.withDescription("Run folders of fits to the same rows"),
    ),
    data: dataFlag,
    kfold: Flag.Boolean("kfold").pipe(
      Flag.withDefault(false),
      Flag.withDescription("By K-fold instead of LOO: what bridgewise kfold wrote, the same folds"),
    ),
    rEffRule: rEffRuleFlag,
    threads: threadsFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = progressBar("compare", process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const result = await compareRuns({
        dirs: flags.runs,
        data: Option.getOrUndefined(flags.data),
        kfold: flags.kfold,
        rEffRule: flags.rEffRule,
        threads: Option.getOrUndefined(flags.threads),
        onProgress: bar.update,
        signal,
      });
      bar.done();
      if (flags.json) console.log(JSON.stringify(jsonOf(result)));
      else if (!flags.quiet) console.log(describe(result));
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    "Compares models of the same rows by expected predictive accuracy (PSIS-LOO, or K-fold with --kfold), best first, as loo_compare of the R package loo: differences from the best with their standard errors, the probability of being worse, and flags where these are doubtful.",
  ),
  Command.withShortDescription("Compare runs by predictive accuracy"),
  Command.withExamples([
    { command: "bridgewise compare runs/with runs/without", description: "By leave-one-out" },
    { command: "bridgewise compare --kfold runs/with runs/without", description: "By K-fold" },
  ]),
);

/** As loo names the columns. */
function jsonOf({ method, rows, models, caveats }: RunsCompared): object {
  return {
    method,
    rows,
    models: models.map((model) => ({
      model: model.label,
      elpd_diff: model.elpdDiff,
      se_diff: model.seDiff,
      p_worse: model.pWorse,
      diag_diff: model.diagDiff,
      diag_elpd: model.diagElpd,
      [`elpd_${method}`]: model.elpd.estimate,
      [`se_elpd_${method}`]: model.elpd.se,
    })),
    caveats,
  };
}

function describe({ method, rows, models, caveats }: RunsCompared): string {
  return [
    `${method === "loo" ? "PSIS-LOO" : "K-fold"}, ${rows.toLocaleString("en")} rows, best first`,
    "",
    alignColumns([
      ["Model", "elpd_diff", "se_diff", "p_worse", "diag_diff", "diag_elpd", `elpd_${method}`, "SE"],
      ...models.map((model) => [
        model.label,
        model.elpdDiff.toFixed(1),
        model.seDiff.toFixed(1),
        model.pWorse === null ? "" : model.pWorse.toFixed(2),
        model.diagDiff,
        model.diagElpd,
        model.elpd.estimate.toFixed(1),
        model.elpd.se.toFixed(1),
      ]),
    ]),
    ...caveats.map((caveat) => `Note: ${caveat}`),
  ].join("\n");
}
