import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildReport, collect } from "@bridgewise/report";
import type { TestProject } from "vitest/node";
import { bridgewise, fixture } from "../../../packages/cli/test/command.ts";
import { chromiumPath } from "./chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the paper's plan on a small simulated PRISM: report/index.html, report.html, runs; rounded.html with no room for all digits. */
    readonly demo: string;
    /** The same of one fit of other data. */
    readonly plain: string;
    /** The same of a fit whose names of levels, files and labels are markup. */
    readonly hostile: string;
    /** Whether pictures are renewed. */
    readonly update: boolean;
  }
}

/** What would run if it became markup: it sets `window.hacked`. */
export const HOSTILE = [
  "<script>window.hacked=1</script>",
  "</script><img src=x onerror=window.hacked=1>",
  "<!--<svg onload='window.hacked=1'>",
  'quote" onmouseover="window.hacked=1',
  "line\u2028separator & <b>bold</b>",
];

/** Of the paper's plan: what every page needs, and no more. */
const FITS = ["1a", "1b-all", "1b-unguided", "2", "3-TOXICITY", "1a-ties", "1b-no-model"];

const shipped = (name: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(`@bridgewise/core/plans/${name}`), "utf8");

/** Real reports of small real runs, made from source by the command itself. */
export default async function setup(project: TestProject): Promise<() => void> {
  chromiumPath();
  const dir = mkdtempSync(join(tmpdir(), "bridgewise-browser-"));
  const run = (...args: string[]): void => {
    const { status, stderr } = bridgewise(args, { cwd: dir });
    if (status !== 0) throw new Error(`bridgewise ${args.join(" ")}: ${stderr}`);
  };
  // with fewer than 5,700 rows the moderation model is sampled with its latents, and takes minutes
  run("simulate", "--scale", "0.21", "--out", "prism", "--quiet");
  writeFileSync(
    join(dir, "plan.yaml"),
    shipped("paper.yaml").replaceAll(/^( *(draws|warmup):) .*/gm, "$1 300"),
  );
  writeFileSync(join(dir, "paper.published.json"), shipped("paper.published.json"));
  const prism = ["--prism", "prism", "--scores", "prism/scores.csv", "--plan", "plan.yaml"];
  run("reproduce", ...prism, "--only", FITS.join(","), "--out", "demo", "--quiet");
  run("report", "demo", "--out", "demo/report", "--single", "demo/report.html");
  const room = statSync(join(dir, "demo/report.html")).size - 500_000;
  await buildReport({
    ...(await collect([join(dir, "demo")])),
    single: join(dir, "demo/rounded.html"),
    singleBytes: room,
  });

  const sleep = ["--data", fixture("data/sleepstudy.csv"), "--seed", "1", "--out", "plain/runs/sleep"];
  run("fit", "Reaction ~ Days + (1 + Days | Subject)", "--family", "gaussian", ...sleep, "--quiet");
  run("report", "plain/runs/sleep", "--out", "plain/report", "--single", "plain/report.html");

  const file = join(dir, "<img src=x onerror=window.hacked=1>.csv");
  writeFileSync(file, hostileTable());
  const fit = ["--data", file, "--label", HOSTILE[1]!, "--seed", "1", "--out", `hostile/runs/'"<b>&`];
  run("fit", "y ~ f + (1 | g)", "--family", "gaussian", ...fit, "--quiet");
  writeFileSync(join(dir, "flow.json"), JSON.stringify(hostileFlow()));
  const title = ["--title", HOSTILE[0]!, "--flow", "flow.json"];
  run(
    "report",
    `hostile/runs/'"<b>&`,
    ...title,
    "--out",
    "hostile/report",
    "--single",
    "hostile/report.html",
  );

  for (const name of ["demo", "plain", "hostile"] as const) project.provide(name, join(dir, name));
  project.provide("update", project.config.snapshotOptions.updateSnapshot === "all");
  return () => rmSync(dir, { recursive: true, force: true });
}

/** Rows with hostile texts as levels of a factor and of a group. */
function hostileTable(): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 200 }, (_, i) => {
    const level = HOSTILE[i % HOSTILE.length]!;
    const group = `${HOSTILE[Math.floor(i / 8) % HOSTILE.length]!}${i % 7}`;
    return `${Math.sin(i) + (i % HOSTILE.length)},${quote(level)},${quote(group)}`;
  });
  return `y,f,g\n${rows.join("\n")}\n`;
}

const hostileFlow = (): unknown => ({
  steps: HOSTILE.map((text) => ({
    ...{ step: text, reason: text, users: 1, conversations: 1, responses: 1 },
    dropped: { users: 0, conversations: 0, responses: 0 },
  })),
  notes: HOSTILE,
});
