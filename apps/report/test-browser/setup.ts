import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bridgewise, fixture } from "../../../packages/cli/test/command.ts";
import { chromiumPath } from "./chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the demo at a small scale: report/index.html, report.html, runs. */
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

/** Real reports of small real runs, made from source by the command itself. */
export default function setup(project: TestProject): () => void {
  chromiumPath();
  const dir = mkdtempSync(join(tmpdir(), "bridgewise-browser-"));
  const run = (...args: string[]): void => {
    const { status, stderr } = bridgewise(args, { cwd: dir });
    if (status !== 0) throw new Error(`bridgewise ${args.join(" ")}: ${stderr}`);
  };
  run("demo", "--scale", "0.1", "--out", "demo", "--quiet");
  const runs = ["1a-all", "1a-unguided", "1b-all", "1b-unguided"].map((name) => `demo/runs/${name}`);
  run(
    "report",
    ...runs,
    "--flow",
    "demo/table/flow.json",
    "--out",
    "demo/report",
    "--single",
    "demo/report.html",
  );

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
