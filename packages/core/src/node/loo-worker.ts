import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import { logLikelihoodOf, pointwiseLoo } from "../loo/index.ts";
import { inBlocks, type LooAnswer, type LooShare } from "./loo-threads.ts";

// Leave-one-out of some of a model's rows.
const { model, draws, chains, columns, rules, rows }: LooShare = workerData;
const say = (answer: LooAnswer): void => parentPort!.postMessage(answer);
try {
  const logLikelihood = logLikelihoodOf(model, { draws, column: (name) => columns.get(name) }, chains);
  const pointwise = await inBlocks(
    rows,
    (block) => pointwiseLoo(logLikelihood, block, { rules }),
    (done) => say({ done }),
  );
  say({ pointwise });
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  say({ inputError: error.message });
}
