import type { Page } from "./page.ts";
import { dataPage } from "./pages/data.ts";
import { diagnostics } from "./pages/diagnostics.ts";
import { downloads } from "./pages/downloads.ts";
import { distributions, effects, moderation, prompts } from "./pages/figure-pages.ts";
import { found } from "./pages/found.ts";
import { methods } from "./pages/methods.ts";
import { robustness } from "./pages/robustness.ts";
import { tables } from "./pages/tables.ts";

/** The report's pages, in reading order. */
export const PAGES: readonly Page[] = [
  found,
  effects,
  tables,
  moderation,
  prompts,
  distributions,
  robustness,
  dataPage,
  diagnostics,
  methods,
  downloads,
];
