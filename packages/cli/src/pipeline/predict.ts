import {
  drawNewLevels,
  type Frame,
  fittedRows,
  groupsNamed,
  InputError,
  type NewLevels,
  newLevelVariables,
  newRows,
  type Prediction,
  type PredictionKind,
  parseCsv,
  predictorVariables,
  predictRows,
  type RowsToPredict,
  randomStream,
} from "@bridgewise/core";
import { modelDraws } from "./model-draws.ts";
import { type OpenedRun, openRun } from "./open-run.ts";
import { readData } from "./ratings.ts";

export interface PredictRequest {
  readonly dir: string;
  readonly data?: string | undefined;
  /** CSV file; default the rows of the fit. */
  readonly newdata?: string | undefined;
  readonly kind: PredictionKind;
  readonly newLevels: NewLevels;
  /** `all`, `none`, or names. */
  readonly groups: readonly string[];
  readonly probs: readonly number[];
  readonly ndraws?: number | undefined;
  readonly seed: number;
  readonly onRows?: (done: number, rows: number) => void;
}

export interface PredictResult {
  readonly formula: string;
  readonly family: string;
  readonly kind: PredictionKind;
  readonly draws: number;
  readonly probs: readonly number[];
  /** Groups whose effects count. */
  readonly groups: readonly string[];
  /** Levels whose effects were drawn, by group. */
  readonly new_levels: Readonly<Record<string, readonly string[]>>;
  /** `row`: from 1, in the file. */
  readonly predictions: readonly Prediction[];
}

/** Summaries of predictions of a run, for its own rows or new data. */
export async function predictRun(request: PredictRequest): Promise<PredictResult> {
  const { dir, kind, newLevels, probs, ndraws, seed, onRows } = request;
  const run = await openRun(dir, request.data);
  const groups = groupsNamed(run.model, request.groups);
  const rows =
    request.newdata === undefined
      ? fittedRows(run, groups)
      : newRows(run, await readNewData(request.newdata, run), { groups, newLevels });
  const names = [...predictorVariables(rows.model), ...newLevelVariables(rows)];
  const draws = drawNewLevels(
    rows,
    await modelDraws(run, names, { ndraws }),
    randomStream(seed, "effects of new levels"),
  );
  const random = randomStream(seed, "predicted responses");
  const predictions = predictRows(rows, draws, { kind, probs, random, ...(onRows && { onRows }) });
  const own = request.newdata === undefined ? run.kept : undefined;
  return {
    formula: run.model.formula,
    family: run.model.family,
    kind,
    draws: draws.draws,
    probs,
    groups: groups.map(({ name }) => name),
    new_levels: newLevelsOf(rows),
    predictions: predictions.map((prediction) => ({
      ...prediction,
      row: (own?.[prediction.row] ?? prediction.row) + 1,
    })),
  };
}

const newLevelsOf = ({ model, drawn }: RowsToPredict): Record<string, readonly string[]> =>
  Object.fromEntries(
    model.groups.flatMap(({ name }, g) => (drawn[g]!.length === 0 ? [] : [[name, drawn[g]!] as const])),
  );

/** New data with the columns renamed as the fit's were, where they have the old names. */
async function readNewData(file: string, { manifest }: OpenedRun): Promise<Frame> {
  const { bytes } = await readData(file, "--newdata");
  const frame = parseCsv(bytes, { source: file });
  const rename = (manifest.data.rename ?? []).filter(
    ([name, old]) => frame.columns.has(old) && !frame.columns.has(name),
  );
  return rename.length === 0 ? frame : parseCsv(bytes, { source: file, rename: Object.fromEntries(rename) });
}

/** `0.025,0.975` as numbers; anything but probabilities is an InputError. */
export function probabilities(text: string): number[] {
  return text.split(",").map((part) => {
    const p = Number(part);
    if (part.trim() !== "" && p >= 0 && p <= 1) return p;
    throw new InputError(`--probs is a list of probabilities with commas between: '${text}'`);
  });
}
