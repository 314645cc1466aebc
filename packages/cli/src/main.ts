import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Cause, Effect, Exit } from "effect";
import { CliOutput, Command } from "effect/cli";
import { check } from "./commands/check.ts";
import { compare } from "./commands/compare.ts";
import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { effects } from "./commands/effects.ts";
import { engine } from "./commands/engine.ts";
import { exportCommand } from "./commands/export.ts";
import { extend } from "./commands/extend.ts";
import { figures } from "./commands/figures.ts";
import { fit } from "./commands/fit.ts";
import { hypothesis } from "./commands/hypothesis.ts";
import { importCommand } from "./commands/import.ts";
import { kfold } from "./commands/kfold.ts";
import { loo } from "./commands/loo.ts";
import { plan } from "./commands/plan.ts";
import { predict } from "./commands/predict.ts";
import { priors } from "./commands/priors.ts";
import { prism } from "./commands/prism.ts";
import { report } from "./commands/report.ts";
import { reproduce } from "./commands/reproduce.ts";
import { runPlanCommand } from "./commands/run-plan.ts";
import { score } from "./commands/score.ts";
import { scores } from "./commands/scores.ts";
import { simulate } from "./commands/simulate.ts";
import { summary } from "./commands/summary.ts";
import { vif } from "./commands/vif.ts";
import { version } from "./version.ts";

const bridgewise = Command.make("bridgewise").pipe(
  Command.withDescription(
    "Bayesian mixed-effects regression, and what people prefer in the answers of language models.",
  ),
  Command.withSubcommands([
    { group: "Analyses", commands: [reproduce, runPlanCommand, plan] },
    { group: "Fit", commands: [priors, vif, fit, extend] },
    { group: "Read a fit", commands: [summary, hypothesis, predict, effects, report, figures] },
    { group: "Check and compare", commands: [check, loo, kfold, compare] },
    { group: "Other programs", commands: [exportCommand, importCommand] },
    { group: "Data", commands: [prism, score, scores, simulate, demo] },
    { group: "This machine", commands: [engine, doctor] },
  ]),
);

/** A wrong invocation is one line on stderr, like any other bad input. */
const oneLine = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.sync(() => {
          const what = event.errors.map((error) => error.message.replace(/\s+/g, " ")).join("; ");
          console.error(`bridgewise: ${what} (help: ${event.commandPath.join(" ")} --help)`);
        })
      : CliOutput.defaultPresenter.present(event),
});

/** Exit codes: 0 done, 1 failed, 2 bad input, 130 stopped by Ctrl-C, 143 by SIGTERM (`stoppable` sets these two for fits). */
function exitCode(exit: Exit.Exit<unknown, unknown>): number {
  if (Exit.isSuccess(exit)) return 0;
  return Cause.hasInterruptsOnly(exit.cause) ? 130 : 1;
}

export function run(): void {
  const program = Command.run(bridgewise, { version }).pipe(
    Effect.catch((error) =>
      Effect.sync(() => {
        if (error._tag === "ShowHelp") {
          process.exitCode = error.errors.length > 0 ? 2 : 0;
          return;
        }
        console.error(`bridgewise: ${"message" in error ? error.message : String(error)}`);
        if ("pointer" in error && error.pointer !== undefined)
          console.error(error.pointer.replace(/^/gm, "  "));
        process.exitCode = error._tag === "Failed" ? 1 : 2;
      }),
    ),
    Effect.provide(oneLine),
    Effect.provide(NodeServices.layer),
  );
  NodeRuntime.runMain(program, {
    teardown: (exit, onExit) => {
      if (process.exitCode === undefined && !Exit.isSuccess(exit) && Cause.hasInterruptsOnly(exit.cause))
        console.error("bridgewise: stopped");
      onExit(process.exitCode === undefined ? exitCode(exit) : Number(process.exitCode));
    },
  });
}
