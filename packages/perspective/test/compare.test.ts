import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, sha256Hex } from "@bridgewise/core";
import { afterAll, describe, expect, it } from "vitest";
import {
  blandAltman,
  bootstrapIntervals,
  calibrationBins,
  calibrationSvg,
  compareScores,
  lengthGroups,
  openCorpus,
  openSide,
  pearson,
  pearsonInterval,
  ScoreStore,
  spearman,
  spearmanInterval,
} from "../src/node/index.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-compare-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ends {
  readonly mean: [number, number];
  readonly mcse: [number, number];
}
interface Case {
  readonly a: number[];
  readonly b: number[];
  readonly length: number[];
  readonly pearson: [number, number, number];
  readonly spearman: [number, number, number];
  readonly difference: [number, number, number];
  readonly sd: number;
  readonly limits: [number, number];
  readonly tenths: Readonly<Record<"texts" | "from" | "to" | "a" | "b", number[]>>;
  readonly fifths: Readonly<Record<"texts" | "from" | "difference" | "sd", number[]>>;
  readonly bootstrap: { readonly pearson: Ends; readonly spearman: Ends };
}
const path = new URL("../../../fixtures/agreement/agreement.json", import.meta.url);
const R = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<"tied" | "few", Case>>;

/** Equal to 1e-12, relative to what is expected or absolute. */
const close = (ours: readonly number[], theirs: readonly number[]): void => {
  expect(ours).toHaveLength(theirs.length);
  for (const [i, value] of theirs.entries())
    expect(Math.abs(ours[i]! - value), `${ours[i]} for ${value}`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(value)),
    );
};

describe.each(["tied", "few"] as const)("as R has it: %s", (name) => {
  const r = R[name];
  const [a, b] = [Float64Array.from(r.a), Float64Array.from(r.b)];
  const n = a.length;

  it("correlations and their intervals", () => {
    const p = pearsonInterval(pearson(a, b), n, 0.95);
    close([p.estimate, p.lower, p.upper], r.pearson);
    const s = spearmanInterval(spearman(a, b), n, 0.95);
    close([s.estimate, s.lower, s.upper], r.spearman);
  });

  it("limits of agreement", () => {
    const { mean, sd, limits } = blandAltman(a, b, 0.95);
    close([mean.estimate, mean.lower, mean.upper], r.difference);
    close([sd, ...limits], [r.sd, ...r.limits]);
  });

  it("means in tenths by A, and in fifths by length", () => {
    const bins = calibrationBins(a, b);
    close(
      bins.map((bin) => bin.texts),
      r.tenths.texts,
    );
    close(
      bins.map((bin) => bin.from),
      r.tenths.from,
    );
    close(
      bins.map((bin) => bin.to),
      r.tenths.to,
    );
    close(
      bins.map((bin) => bin.meanA),
      r.tenths.a,
    );
    close(
      bins.map((bin) => bin.meanB),
      r.tenths.b,
    );
    const groups = lengthGroups(a, b, Float64Array.from(r.length), 0.95);
    close(
      groups.map((group) => group.texts),
      r.fifths.texts,
    );
    close(
      groups.map((group) => group.from),
      r.fifths.from,
    );
    close(
      groups.map((group) => group.difference.estimate),
      r.fifths.difference,
    );
    const half = groups.map(({ difference: d }) => (d.upper - d.lower) / 2);
    close(
      half,
      r.fifths.sd.map((sd, k) => (1.959963984540054 * sd) / Math.sqrt(r.fifths.texts[k]!)),
    );
  });

  it("bootstrap intervals, within 4 Monte Carlo standard errors; a seed is a result", () => {
    const options = { resamples: 2500, level: 0.95 };
    const runs = Array.from({ length: 20 }, (_, k) => bootstrapIntervals(a, b, { ...options, seed: k + 1 }));
    expect(bootstrapIntervals(a, b, { ...options, seed: 1 })).toEqual(runs[0]);
    for (const which of ["pearson", "spearman"] as const)
      for (const [e, end] of (["lower", "upper"] as const).entries()) {
        const values = runs.map((run) => run[which][end]);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
        const { mean: theirs, mcse } = r.bootstrap[which];
        const se = Math.hypot(Math.sqrt(variance / values.length), mcse[e]!);
        expect(Math.abs(mean - theirs[e]!)).toBeLessThan(4 * se);
      }
  });
});

it("where one does not vary there is no correlation, and few texts have no interval", () => {
  const one = Float64Array.of(0.5, 0.5, 0.5, 0.5);
  expect(pearson(one, Float64Array.of(0, 1, 0, 1))).toBeNaN();
  expect(pearsonInterval(0.5, 3, 0.95)).toEqual({ estimate: 0.5, lower: Number.NaN, upper: Number.NaN });
});

/** A scores file of NUANCE; `score(i)` of the text `text i`, none where it is undefined. */
function scoresFile(name: string, score: (i: number) => number | undefined, column = "text_sha256"): string {
  const file = join(dir, name);
  const rows = Array.from({ length: 400 }, (_, i) => [i, score(i)] as const).flatMap(([i, value]) =>
    value === undefined
      ? []
      : column === "text_sha256"
        ? [`${sha256Hex(`text ${i}`)},NUANCE,${value}`]
        : [`user_prompt,${i},NUANCE,${value}`],
  );
  const head = column === "text_sha256" ? "text_sha256" : "column_id,text_id";
  writeFileSync(file, `${head},attribute,score\n${rows.join("\n")}\n`);
  return file;
}
/** A permutation of 0 to 399, in [0, 1). */
const base = (i: number): number => ((i * 151) % 400) / 400;
async function compare(b: (i: number) => number | undefined, lengths?: ReadonlyMap<string, number>) {
  const sides = [scoresFile("a.csv", base), scoresFile("b.csv", b)].map((operand) => openSide({ operand }));
  const [one, two] = [await sides[0]!, await sides[1]!];
  using _one = one.store;
  using _two = two.store;
  const [result] = compareScores({ a: one, b: two, lengths });
  return result!;
}

it("says whether a substitute may stand in, and why not", async () => {
  const good = await compare((i) => (i < 390 ? Math.min(1, base(i) + 0.02) : undefined));
  expect(good).toMatchObject({ texts: 390, onlyA: 10, onlyB: 0, missing: 0.025, byLength: null });
  expect(good.judgement).toEqual({
    verdict: "yes",
    why: [],
    sentence: "NUANCE: b.csv may stand in for a.csv (whether length matters is not known).",
  });
  const squared = await compare((i) => base(i) ** 3);
  expect(squared.judgement.verdict).toBe("order");
  expect(squared.judgement.sentence).toMatch(
    /ranks texts as a\.csv does, on another scale.*-0\.250 on average/,
  );
  const holes = await compare((i) => (i % 10 === 0 ? undefined : base(i)));
  expect(holes.judgement.sentence).toMatch(/may not stand in for a\.csv \(10\.0% of the texts lack a score/);
  const noise = await compare((i) => ((i * 37) % 400) / 400);
  expect(noise.judgement.sentence).toMatch(/may not stand in.*Spearman's correlation may be -?0\.\d/);
  const still = await compare(() => 0.5);
  expect(still.judgement).toMatchObject({ verdict: "unknown" });
  expect((await compare((i) => (i < 99 ? base(i) : undefined))).judgement.sentence).toMatch(
    /nothing can be said \(99 texts are scored by both, 100 are needed\)/,
  );
  expect((await compare((i) => (i < 1 ? base(i) : undefined))).judgement.sentence).toMatch(
    /\(1 text is scored by both/,
  );
});

it("finds a bias by length where lengths are known", async () => {
  const lengths = new Map(Array.from({ length: 400 }, (_, i) => [sha256Hex(`text ${i}`), 10 + i]));
  // long texts score higher than A has them, short ones lower
  const biased = await compare((i) => Math.min(1, Math.max(0, base(i) + 0.08 * (i / 200 - 1))), lengths);
  expect(biased.byLength!.map(({ from, to, texts }) => [from, to, texts])).toEqual(
    [0, 1, 2, 3, 4].map((k) => [10 + 80 * k, 89 + 80 * k, 80]),
  );
  expect(biased.judgement.verdict).toBe("order");
  expect(biased.judgement.why).toHaveLength(1);
  expect(biased.judgement.why[0]).toMatch(/changes by 0\.1\d\d with the texts' length/);
  expect((await compare(base, lengths)).judgement.verdict).toBe("yes");
});

it("takes stores, FILE:PROVIDER with colons, and files by id with their texts", async () => {
  const store = join(dir, "two.sqlite");
  {
    using made = new ScoreStore(store);
    made.transaction(() => {
      for (const [provider, score] of [
        ["perspective", 0.5],
        ["perspective:localhost:8080", 0.25],
      ] as const)
        made.put(
          sha256Hex("text 1"),
          { provider, language: "en" },
          {
            scores: [{ attribute: "NUANCE", apiAttribute: "NUANCE", score }],
            ...{ missing: [], languages: [], detectedLanguages: [], scoredAt: "" },
          },
        );
    });
  }
  const open = async (operand: string, rest: object = {}) => {
    const side = await openSide({ operand, ...rest });
    side.store.close();
    return [side.label, side.key.provider];
  };
  expect(await open(`${store}:perspective:localhost:8080`)).toEqual(
    Array(2).fill("perspective:localhost:8080"),
  );
  const failure = async (operand: string, rest: object = {}): Promise<string> => {
    const error = await open(operand, rest).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  };
  expect(await failure(store)).toMatch(
    /which do not mix; say which with .*two\.sqlite:PROVIDER and --language/,
  );
  expect(await failure(`${store}:nobody`)).toMatch(
    /has no such scores; it holds those of perspective \(en\)/,
  );
  expect(await failure(join(dir, "none"))).toMatch(/none: not found; give a store or a scores file/);
  const byId = scoresFile("ids.csv", base, "id");
  expect(await failure(byId)).toMatch(/names its texts by id.*--input/);
  const texts = join(dir, "texts.jsonl");
  const line = (i: number) =>
    JSON.stringify({ column_id: "user_prompt", text_id: `${i}`, text: `text ${i}` });
  writeFileSync(texts, Array.from({ length: 400 }, (_, i) => line(i)).join("\n"));
  const one = await openSide({ operand: byId, corpus: await openCorpus(texts) });
  using _one = one.store;
  const two = await openSide({ operand: scoresFile("hashes.csv", base) });
  using _two = two.store;
  expect(compareScores({ a: one, b: two })[0]).toMatchObject({ texts: 400, missing: 0 });
  expect(() => compareScores({ a: one, b: two, attributes: ["RESPECT"] })).toThrow(
    /neither has scores of RESPECT/,
  );
  // both by id: the ids are enough
  const three = await openSide({ operand: byId, byId: true });
  using _three = three.store;
  const four = await openSide({ operand: scoresFile("ids-too.csv", (i) => 1 - base(i), "id"), byId: true });
  using _four = four.store;
  const [opposite] = compareScores({ a: three, b: four });
  expect(opposite).toMatchObject({ texts: 400 });
  expect(opposite!.spearman.estimate).toBeCloseTo(-1, 12);
  expect(() => compareScores({ a: one, b: three })).toThrow(/have scored no text alike \(NUANCE\)/);
});

it("the plot is well-formed, whatever the names", async () => {
  const svg = calibrationSvg(await compare(base), "a<b", 'c&"d"');
  expect(svg.match(/<circle /g)).toHaveLength(10);
  expect(svg).toContain("mean of a&lt;b");
  expect(svg).toContain("mean of c&amp;&quot;d&quot;");
  expect(svg).not.toMatch(/NaN|undefined/);
});
