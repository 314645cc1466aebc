import { InputError } from "@bridgewise/core";
import { storedScores } from "../store/queries.ts";
import type { ScoreKey, ScoreStore, StoredScore } from "../store/store.ts";
import {
  blandAltman,
  type CalibrationBin,
  calibrationBins,
  type Differences,
  type LengthGroup,
  lengthGroups,
  meanOf,
} from "./agreement.ts";
import { bootstrapIntervals } from "./bootstrap.ts";
import { type Interval, pearson, pearsonInterval, spearman, spearmanInterval } from "./correlation.ts";
import { type Judgement, judge } from "./verdict.ts";

/** Scores of one provider and language. */
export interface ScoreSide {
  /** What it is called in sentences. */
  readonly label: string;
  readonly store: ScoreStore;
  readonly key: ScoreKey;
}

export interface CompareScoresRequest {
  /** What is to be replaced, and the substitute. */
  readonly a: ScoreSide;
  readonly b: ScoreSide;
  /** Our names; default: all that both have. */
  readonly attributes?: readonly string[] | undefined;
  /** Lengths of texts in characters (UTF-16 units), by hash. */
  readonly lengths?: ReadonlyMap<string, number> | undefined;
  /** Share of intervals; default 0.95. */
  readonly level?: number;
  /** Intervals of the correlations by so many resamples, with this seed; default: by Fisher's z. */
  readonly bootstrap?: { readonly resamples: number; readonly seed: number } | undefined;
}

/** Agreement of A and B on one attribute. */
export interface AttributeComparison {
  readonly attribute: string;
  /** Texts that both have scored; all figures but the counts are of these. */
  readonly texts: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Share of A's texts that B has no score of. */
  readonly missing: number;
  readonly meanA: number;
  readonly meanB: number;
  readonly pearson: Interval;
  readonly spearman: Interval;
  readonly difference: Differences;
  /** B in tenths of the texts by A. */
  readonly calibration: readonly CalibrationBin[];
  /** In fifths by length, over texts whose length is known; null where none is. */
  readonly byLength: readonly LengthGroup[] | null;
  readonly judgement: Judgement;
}

/** Agreement of two providers' scores of the same texts, by attribute. In memory for the scores that both have. */
export function compareScores(request: CompareScoresRequest): AttributeComparison[] {
  const { a, b, lengths, level = 0.95, bootstrap } = request;
  const pairs = pairsOf(a, b, lengths);
  const names = [...pairs.keys()].sort();
  const shared = names.filter((name) => pairs.get(name)!.a.length > 0);
  const wanted = request.attributes ?? shared;
  if (wanted.length === 0)
    throw new InputError(
      `${a.label} and ${b.label} have scored no text alike (${names.join(", ") || "no scores"}); compare scores of the same texts and attributes`,
    );
  return wanted.map((attribute) => {
    const pair = pairs.get(attribute);
    if (pair === undefined)
      throw new InputError(`neither has scores of ${attribute}; they have ${names.join(", ")}`);
    const [x, y] = [Float64Array.from(pair.a), Float64Array.from(pair.b)];
    const n = x.length;
    let ofPearson = pearsonInterval(pearson(x, y), n, level);
    let ofSpearman = spearmanInterval(spearman(x, y), n, level);
    if (bootstrap !== undefined && n > 3) {
      const ends = bootstrapIntervals(x, y, { ...bootstrap, level });
      ofPearson = { ...ofPearson, ...ends.pearson };
      ofSpearman = { ...ofSpearman, ...ends.spearman };
    }
    const comparison = {
      ...{ attribute, texts: n, onlyA: pair.onlyA, onlyB: pair.onlyB },
      missing: pair.onlyA / (pair.onlyA + n),
      ...{ meanA: meanOf(x), meanB: meanOf(y), pearson: ofPearson, spearman: ofSpearman },
      difference: blandAltman(x, y, level),
      calibration: calibrationBins(x, y),
      byLength: byLengthOf(x, y, pair.lengths, level),
    };
    return { ...comparison, judgement: judge(comparison, a.label, b.label) };
  });
}

function byLengthOf(
  a: Float64Array,
  b: Float64Array,
  lengths: readonly number[],
  level: number,
): LengthGroup[] | null {
  const known = Int32Array.from(lengths.keys()).filter((i) => lengths[i]! >= 0);
  if (known.length === 0) return null;
  const pick = (x: ArrayLike<number>): Float64Array => Float64Array.from(known, (i) => x[i]!);
  return lengthGroups(pick(a), pick(b), pick(lengths), level);
}

interface Pairs {
  readonly a: number[];
  readonly b: number[];
  /** -1 where it is not known. */
  readonly lengths: number[];
  onlyA: number;
  onlyB: number;
}

/** Walks through both by text and attribute, in whose order a store keeps them. */
function pairsOf(
  { store, key }: ScoreSide,
  other: ScoreSide,
  lengths: CompareScoresRequest["lengths"],
): Map<string, Pairs> {
  const pairs = new Map<string, Pairs>();
  const of = ({ attribute }: StoredScore): Pairs => {
    let found = pairs.get(attribute);
    if (found === undefined) {
      found = { a: [], b: [], lengths: [], onlyA: 0, onlyB: 0 };
      pairs.set(attribute, found);
    }
    return found;
  };
  const [left, right] = [storedScores(store, key), storedScores(other.store, other.key)];
  let [a, b] = [left.next(), right.next()];
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareRows(a.value, b.value);
    if (order < 0) of(a.value!).onlyA++;
    else if (order > 0) of(b.value!).onlyB++;
    else {
      const into = of(a.value!);
      into.a.push(a.value!.score);
      into.b.push(b.value!.score);
      into.lengths.push(lengths?.get(a.value!.text) ?? -1);
    }
    if (order <= 0) a = left.next();
    if (order >= 0) b = right.next();
  }
  return pairs;
}

function compareRows(a: StoredScore, b: StoredScore): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1;
  return a.attribute === b.attribute ? 0 : a.attribute < b.attribute ? -1 : 1;
}
