import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanResults } from "@bridgewise/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";
import { changeFile, quickPlan, readJson } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-reproduce-input-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files: ReturnType<typeof quickPlan>;
beforeAll(() => {
  files = quickPlan(dir);
  // what is tested here is which fits there are
  changeFile(files.plan, (text) =>
    text.replaceAll("draws: 50", "draws: 20").replace("checks: true", "checks: false"),
  );
});

const reproduce = (
  out: string,
  changed: Partial<typeof files> = {},
  ...more: string[]
): ReturnType<typeof bridgewise> => {
  const { prism, scores, plan } = { ...files, ...changed };
  return bridgewise([
    ...["reproduce", "--prism", prism, "--scores", scores],
    ...["--plan", plan, "--out", join(dir, out), ...more],
  ]);
};

/** A copy of PRISM's folder in which one file is another. */
function prismWith(name: string, file: string, change: (text: string) => string): string {
  const to = join(dir, name);
  cpSync(files.prism, to, { recursive: true });
  changeFile(join(to, file), change);
  return to;
}

const linesWhere =
  (keep: (line: string, number: number) => boolean) =>
  (text: string): string =>
    text
      .split("\n")
      .filter((line, i) => i === 0 || keep(line, i))
      .join("\n");

describe("what the data do not allow is left out with a reason, and the rest is done", () => {
  it("without scores of prompts: analysis 3 and the interaction", () => {
    const prism = prismWith(
      "no-prompts",
      "scores.csv",
      linesWhere((line) => !line.startsWith("user_prompt")),
    );
    const { status, stdout, stderr } = reproduce(
      "no-prompts-out",
      { scores: join(prism, "scores.csv") },
      ...["--only", "1b,interaction,2,3"],
    );
    expect(status, stderr).toBe(0);
    const { fits, skipped, rows } = readJson<PlanResults>(dir, "no-prompts-out/results.json");
    expect([...new Set(skipped.map(({ analysis }) => analysis))].sort()).toEqual(["3", "interaction"]);
    expect(skipped).toHaveLength(8);
    expect(fits.map(({ id }) => id)).toEqual([
      ...["1b-all", "1b-unguided", "1b-value-guided", "1b-controversy-guided", "2"],
    ]);
    for (const { id, reason } of skipped) {
      expect(reason, id).toMatch(/^the data have no value of (\w+_human, ){6}\w+_human$/);
      expect(stdout.replace(/\n +/g, " ")).toContain(`Left out: ${id}: ${reason}`);
    }
    expect(rows.filter(({ published }) => published !== null)).toHaveLength(4 * 7 + 28);
  }, 600_000);

  it("without demographic columns in the survey: analysis 2", () => {
    const prism = prismWith("no-demographics", "survey.jsonl", (text) =>
      text
        .split("\n")
        .map((line) => {
          if (line === "") return line;
          const { age: _, gender: __, ethnicity: ___, ...rest } = JSON.parse(line);
          return JSON.stringify(rest);
        })
        .join("\n"),
    );
    const { status, stdout, stderr } = reproduce(
      "no-demographics-out",
      { prism },
      "--only",
      "1b-unguided,2,3",
    );
    expect(status, stderr).toBe(0);
    const { fits, skipped } = readJson<PlanResults>(dir, "no-demographics-out/results.json");
    expect(skipped).toEqual([
      { id: "2", analysis: "2", reason: "the data have no columns younger, male, white" },
    ]);
    expect(fits).toHaveLength(8);
    expect(stdout).toContain("Left out: 2: the data have no columns younger, male, white");
  }, 600_000);

  it("with scores of only some texts: their rows, and the differences say so", () => {
    // every third response has no scores
    const prism = prismWith(
      "some-scores",
      "scores.csv",
      linesWhere((line) => !/^\w+,ut\d*[147],/.test(line)),
    );
    const { status, stdout, stderr } = reproduce(
      "some-scores-out",
      { scores: join(prism, "scores.csv") },
      ...["--only", "1b,2"],
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^scored .* \d+ .*7,960$/m);
    const { rows, fits } = readJson<PlanResults>(dir, "some-scores-out/results.json");
    expect(fits[0]!.rows).toBeLessThan(1300);
    const explained = rows.flatMap(({ explanation }) => explanation ?? []);
    expect(explained.length).toBeGreaterThan(0);
    for (const explanation of explained)
      expect(explanation).toMatch(/The scores file covers [\d,]+ of 1,548 responses\./);
  }, 600_000);
});

describe("bad input is one line with its place and the way out, before any fit", () => {
  const refused = (ran: ReturnType<typeof bridgewise>): string => {
    expect(ran.status).toBe(2);
    // and where it helps two lines that point at the place
    expect(ran.stderr).toMatch(/^bridgewise: .*\n( {2}.*\n {2} *\^\n)?$/);
    return ran.stderr;
  };

  it("an unknown key of the plan", () => {
    const plan = join(dir, "misspelt.yaml");
    cpSync(files.plan, plan);
    changeFile(plan, (text) => text.replace("    family: bernoulli", "    famly: bernoulli"));
    expect(refused(reproduce("misspelt", { plan }))).toMatch(
      /misspelt\.yaml, line \d+, position 5: .*'famly'.*did you mean 'family'\?/,
    );
    expect(existsSync(join(dir, "misspelt"))).toBe(false);
  });

  it("an analysis that the plan does not have", () => {
    expect(refused(reproduce("only", {}, "--only", "1a,4"))).toMatch(
      /--only names '4', which is no analysis or fit of the plan; its analyses are 1a, 1b, interaction, 2, 3, /,
    );
  });

  it("PRISM's folder, a file in it or the scores, that are not there", () => {
    expect(refused(reproduce("a", { prism: join(dir, "nowhere") }))).toContain("nowhere");
    expect(refused(reproduce("a", { scores: join(dir, "no-scores.csv") }))).toContain("no-scores.csv");
    expect(refused(reproduce("a", { plan: join(dir, "no-plan.yaml") }))).toMatch(
      /no-plan\.yaml: no such file; give a plan's YAML file; bridgewise plan paper prints one to copy/,
    );
    const empty = join(dir, "empty");
    mkdirSync(empty);
    expect(refused(reproduce("a", { prism: empty }))).toMatch(/survey\.jsonl: not found; download it from /);
  });

  it("threads that are none", () => {
    expect(refused(reproduce("a", {}, "--threads", "0"))).toContain("--threads must be at least 1: 0");
  });

  it("a folder for the output that holds something else, or is none", () => {
    expect(refused(reproduce("prism"))).toMatch(
      /prism: holds something else \(SIMULATED\.json, conversations\.jsonl, metadata\.jsonl, …\); choose an empty or a new folder with --out/,
    );
    writeFileSync(join(dir, "file"), "");
    expect(refused(reproduce("file"))).toMatch(/file: the run folder is not a folder/);
    const other = join(dir, "other-plan");
    mkdirSync(other);
    const found = { title: "Something else", plan: { file: "else.yaml", sha256: "" } };
    writeFileSync(join(other, "results.json"), JSON.stringify(found));
    expect(refused(reproduce("other-plan"))).toMatch(
      /other-plan: holds what came of another plan, 'Something else' \(else\.yaml\); choose another folder/,
    );
  });

  it("data that lack a column that a plan of one's own needs", () => {
    const ran = bridgewise([
      ...["run", fixture("../packages/core/plans/inhaler.yaml"), "--data", fixture("data/VerbAgg.csv")],
      ...["--out", join(dir, "wrong-data")],
    ]);
    expect(refused(ran)).toMatch(/inhaler\.yaml, line \d+: the fit 'clarity' needs a column '\w+', which /);
  });
});
