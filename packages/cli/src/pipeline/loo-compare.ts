import { join } from "node:path";
import {
  type Compared,
  compareModels,
  InputError,
  leadMayBeChance,
  type ModelComparison,
} from "@bridgewise/core";
import { KFOLD, readKfold, readLoo, readRunFolder } from "@bridgewise/core/node";
import { type LooRequest, looOfRun } from "./loo.ts";

export interface CompareRequest extends Omit<LooRequest, "dir" | "waic" | "reloo" | "force"> {
  readonly dirs: readonly string[];
  /** Compare kfold.json instead of LOO. */
  readonly kfold: boolean;
  /** Told which run is at work. */
  readonly onRun?: (label: string) => void;
}

export interface RunsCompared {
  readonly method: "loo" | "kfold";
  readonly rows: number;
  /** Best first. */
  readonly models: readonly ModelComparison[];
  /** What makes the comparison doubtful. */
  readonly caveats: readonly string[];
}

/** A run's pointwise densities with what they are of. */
interface Candidate extends Compared {
  readonly dir: string;
  readonly data: { readonly sha256: string; readonly y: string };
  readonly row: readonly number[];
  readonly folds?: string;
}

/** Compares runs by LOO, which is computed where a run's loo.json does not hold it, or by K-fold. */
export async function compareRuns(request: CompareRequest): Promise<RunsCompared> {
  const { dirs, kfold } = request;
  if (dirs.length < 2)
    throw new InputError("a comparison needs two runs at least: bridgewise compare RUN RUN");
  const candidates: Candidate[] = [];
  for (const dir of dirs) candidates.push(kfold ? await kfoldOf(dir) : await looOf(dir, request));
  checkSameRows(candidates);
  const labels = distinctLabels(candidates);
  const models = compareModels(candidates.map((candidate, i) => ({ ...candidate, label: labels[i]! })));
  const rows = candidates[0]!.elpd.length;
  return { method: kfold ? "kfold" : "loo", rows, models, caveats: caveatsOf(models, candidates) };
}

async function looOf(dir: string, request: CompareRequest): Promise<Candidate> {
  const { manifest } = await readRunFolder(dir);
  const kept = await readLoo(dir);
  // of this very run, by the same rule
  const current = kept?.run != null && kept.run === manifest.hash && kept.r_eff_rule === request.rEffRule;
  request.onRun?.(manifest.label);
  const file = current ? kept : await looOfRun({ ...request, dir, waic: false, reloo: false, force: false });
  return {
    dir,
    label: manifest.label,
    elpd: Float64Array.from(file.pointwise.elpd),
    k: Float64Array.from(file.pointwise.k, (k) => k ?? Infinity),
    threshold: file.k.threshold,
    data: file.data,
    row: file.pointwise.line,
  };
}

async function kfoldOf(dir: string): Promise<Candidate> {
  const { manifest } = await readRunFolder(dir);
  const file = await readKfold(dir);
  if (file === undefined || file.run !== (manifest.hash ?? null))
    throw new InputError(
      `${file === undefined ? "not found" : "is another run's"}: make it with bridgewise kfold ${dir}, the same folds for each run`,
      { file: join(dir, KFOLD) },
    );
  const { elpd, line: row, fold } = file.pointwise;
  return {
    dir,
    label: manifest.label,
    elpd: Float64Array.from(elpd),
    data: file.data,
    row,
    folds: JSON.stringify(fold),
  };
}

/** The same responses in the same order, from the same lines and folds, or an InputError that names two runs. */
function checkSameRows(candidates: readonly Candidate[]): void {
  const first = candidates[0]!;
  for (const other of candidates.slice(1)) {
    const both = `'${first.dir}' and '${other.dir}'`;
    const same = "compare runs of the same response and rows: fit again with the same --data and --where";
    if (other.elpd.length !== first.elpd.length)
      throw new InputError(
        `${both} have ${first.elpd.length.toLocaleString("en")} and ${other.elpd.length.toLocaleString("en")} rows; ${same}`,
      );
    const at = other.row.findIndex((line, i) => line !== first.row[i]);
    if (other.data.sha256 === first.data.sha256 && at >= 0)
      throw new InputError(
        `${both} use other rows of their data: row ${at + 1} is line ${first.row[at]} in one and line ${other.row[at]} in the other; ${same}`,
      );
    if (other.data.y !== first.data.y)
      throw new InputError(
        `${both} have different responses (${first.data.sha256 === other.data.sha256 ? "of the same data file" : "of different data files"}): their log densities are not of the same thing; ${same}`,
      );
    if (other.folds !== first.folds)
      throw new InputError(
        `${both} were left out in different folds; make them with the same --k, --by or --stratify, and --seed`,
      );
  }
}

/** Manifests' labels; the folder where two have the same. */
function distinctLabels(candidates: readonly Candidate[]): string[] {
  return candidates.map(({ label, dir }) =>
    candidates.some((other) => other.dir !== dir && other.label === label) ? dir : label,
  );
}

function caveatsOf(models: readonly ModelComparison[], candidates: readonly Candidate[]): string[] {
  const caveats: string[] = [];
  const flagged = (flag: string): string =>
    models
      .filter(({ diagDiff }) => diagDiff === flag)
      .map(({ label }) => label)
      .join(", ");
  const small = flagged("|elpd_diff| < 4");
  if (models.some(({ diagDiff }) => diagDiff === "N < 100"))
    caveats.push(
      "N < 100: with so few rows se_diff is likely too small and p_worse too sure; take twice the se_diff as a cautious guess",
    );
  if (small !== "")
    caveats.push(
      `|elpd_diff| < 4: ${small} and ${models[0]!.label} predict much alike; the normal approximation behind se_diff and p_worse does not hold for such differences`,
    );
  models
    .filter(({ diagElpd }) => diagElpd !== "")
    .forEach(({ label, diagElpd }) => {
      const dir = candidates.find((c) => c.label === label || c.dir === label)?.dir ?? label;
      caveats.push(
        `${diagElpd}: elpd_loo of ${label} is doubtful, and with it the differences; see bridgewise loo ${dir}`,
      );
    });
  if (leadMayBeChance(models))
    caveats.push(
      `Of so many models the best may lead by chance: ${models[0]!.label} is no further ahead of the median model than the best of ${models.length} equal ones would be`,
    );
  if (new Set(candidates.map(({ data }) => data.sha256)).size > 1)
    caveats.push("The runs' data files differ; their responses are the same, row by row");
  return caveats;
}
