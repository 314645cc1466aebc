import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  didYouMean,
  InputError,
  type Plan,
  type Published,
  parsePlan,
  parsePublished,
} from "@bridgewise/core";

/** A plan with its file and the published rows that it is held against. */
export interface PlanFile {
  /** As a person wrote it, for messages. */
  readonly file: string;
  readonly text: string;
  readonly sha256: string;
  readonly plan: Plan;
  /** The file of published rows beside it, where the plan names one. */
  readonly published: { readonly name: string; readonly text: string; readonly content: Published } | null;
}

/** Plans that come with the program, one `NAME.yaml` each. */
const SHIPPED = dirname(fileURLToPath(import.meta.resolve("@bridgewise/core/plans/paper.yaml")));
const EXTENSION = ".yaml";

export async function shippedPlans(): Promise<string[]> {
  const files = await readdir(SHIPPED);
  return files.filter((name) => name.endsWith(EXTENSION)).map((name) => basename(name, EXTENSION));
}

/** A plan that comes with the program, by its name. */
export async function shippedPlan(name: string): Promise<PlanFile> {
  const names = await shippedPlans();
  if (!names.includes(name))
    throw new InputError(
      `no plan '${name}' comes with bridgewise; ${didYouMean(name, names)}there are ${names.join(", ")}`,
    );
  return readPlan(join(SHIPPED, `${name}${EXTENSION}`), `${name}${EXTENSION}`);
}

/** Reads a plan and what it names; `shown`: the file's name in messages. */
export async function readPlan(file: string, shown = file): Promise<PlanFile> {
  const text = await readPlanText(
    file,
    shown,
    "give a plan's YAML file; bridgewise plan paper prints one to copy",
  );
  const plan = parsePlan(text, shown);
  return {
    file: shown,
    text,
    sha256: createHash("sha256").update(text).digest("hex"),
    plan,
    published: plan.published === null ? null : await readPublished(dirname(file), plan, plan.published),
  };
}

async function readPublished(dir: string, plan: Plan, name: string): Promise<PlanFile["published"]> {
  const file = join(dir, name);
  const text = await readPlanText(
    file,
    file,
    "the plan names it as 'published'; put it there, or leave that key out",
  );
  return { name, text, content: parsePublished(text, file, plan) };
}

async function readPlanText(file: string, shown: string, wayOut: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new InputError(`${why}; ${wayOut}`, { file: shown });
  }
}
