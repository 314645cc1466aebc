import { expect, test } from "vitest";
import { randomStream } from "../../src/simulate/index.ts";

interface Row {
  readonly analysis: string;
  readonly variable: string;
  readonly [field: string]: unknown;
}
interface Verdict {
  readonly outside: readonly Row[];
  readonly [field: string]: unknown;
}
const table = new URL("../../../../bench/study-table.mjs", import.meta.url).href;
const { summarizeStudy, verdict, markdownTable } = (await import(table)) as {
  summarizeStudy: (sets: unknown[]) => Row[];
  verdict: (rows: readonly Row[]) => Verdict;
  markdownTable: (rows: readonly Row[]) => string;
};

const SETS = 20;
const SD = 0.1;
const Z90 = 1.6448536269514722;

/** Studies of 40 coefficients, estimated with normal errors of sd 0.1; `off`: what the first one's estimates are off by. */
function study(off: number, narrow = 1): unknown[] {
  const random = randomStream(1, "study");
  return Array.from({ length: SETS }, (_, seed) => ({
    seed,
    fits: [
      {
        analysis: "1b",
        response: "log_score",
        parameters: Array.from({ length: 40 }, (_, k) => {
          const estimate = 2 + SD * random.normal() + (k === 0 ? off : 0);
          const half = Z90 * SD * (k === 1 ? narrow : 1);
          return {
            variable: `b_x${k}`,
            truth: 2,
            estimate,
            sd: SD,
            q5: estimate - half,
            q95: estimate + half,
          };
        }),
      },
    ],
  }));
}

test("bias, width, coverage and their errors, by hand", () => {
  const one = (estimate: number, q5: number, q95: number) => ({
    fits: [
      {
        analysis: "1b",
        response: "log_score",
        parameters: [{ variable: "b_TOXICITY", truth: -0.659, estimate, sd: 0.5, q5, q95 }],
      },
    ],
  });
  const [row] = summarizeStudy([one(-0.559, -1, 0), one(-0.759, -0.8, -0.7), one(-0.359, -0.659, 0)]);
  expect(row).toMatchObject({ sets: 3, inside: 2, published_error: 0.123 });
  expect(row!.bias).toBeCloseTo(0.1, 12);
  // sd of 0.1, -0.1, 0.3 is 0.2
  expect(row!.bias_se).toBeCloseTo(0.2 / Math.sqrt(3), 12);
  expect(row!.rmse).toBeCloseTo(Math.sqrt(0.11 / 3), 12);
  expect(row!.width).toBeCloseTo((1 + 0.1 + 0.659) / 3, 12);
  // Student's t of sqrt(3)/2 with 2 degrees of freedom
  expect(row!.bias_p).toBeCloseTo(0.4777, 3);
  // 2 of 3 at 0.9 is 0.243, 1 and 0 are less likely, 3 of 3 is likelier
  expect(row!.coverage_p).toBeCloseTo(0.243 + 0.027 + 0.001, 12);
  expect(markdownTable([row!]).split("\n")[2]).toMatch(
    /^\| 1b \| `b_TOXICITY` \| -0\.659 \| 0\.10 \(0\.12\) \| 0\.19 \| 2 of 3: 0\.67 \(0\.17\) \| 0\.59 \(0\.26\) \| 0\.50 \| 0\.123 \|$/,
  );
});

test("the verdict finds no coefficient off where none is, one that is biased, and one whose intervals are too narrow", () => {
  const good = verdict(summarizeStudy(study(0)));
  expect(good).toMatchObject({ coefficients: 40, total: 800, least_inside: 13, outside: [] });
  // P(12 or fewer of 20) is 0.00042, of 13 or fewer 0.0024: between them is 0.05 / 80. 5 binomial standard errors:
  expect(Math.abs((good.coverage as number) - 0.9)).toBeLessThan(5 * Math.sqrt(0.09 / 800));
  const biased = verdict(summarizeStudy(study(0.3 * SD * Math.sqrt(SETS))));
  expect(biased.outside.map(({ variable }) => variable)).toEqual(["b_x0"]);
  const narrow = verdict(summarizeStudy(study(0, 0.4)));
  expect(narrow.outside.map(({ variable }) => variable)).toEqual(["b_x1"]);
});
