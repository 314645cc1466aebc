import type { ModelChecks } from "../checks/check-model.ts";
import { checksShape } from "../checks/checks-shape.ts";
import { readJsonIfThere } from "./run-folder.ts";

export const CHECKS = "checks.json";

/** A run folder's checks.json, undefined where there is none; a damaged one is an InputError. */
export const readChecks = (dir: string): Promise<ModelChecks | undefined> =>
  readJsonIfThere(dir, CHECKS, checksShape, "make it again with 'bridgewise check'");
