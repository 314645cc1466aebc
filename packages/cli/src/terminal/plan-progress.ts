import type { PlannedFit } from "@bridgewise/core";
import { type CostKind, costsOf, type PartCost } from "../pipeline/plan-cost.ts";
import type { PlanWatch } from "../pipeline/plan-run.ts";
import type { PlanPart } from "../pipeline/plan-task.ts";
import { duration, lineWidth, type Output } from "./progress.ts";

/** Seconds between drawings of the line. */
const EVERY = 0.1;

interface Work {
  readonly fit: PlannedFit;
  readonly parts: readonly PartCost[];
  /** Of the part at work, 0 to 1; parts before it are done. */
  at: PlanPart | undefined;
  share: number;
  state: "waiting" | "running" | "done";
}

export interface PlanProgressOptions {
  readonly label: string;
  readonly style: "auto" | "none";
  readonly threads: number;
  readonly now?: () => number;
}

/** Progress over all fits of a plan: on a terminal one line that is written anew, with the time left; elsewhere a plain line for each fit. */
export function planProgress(
  output: Output,
  { label, style, threads, now = () => performance.now() / 1000 }: PlanProgressOptions,
): PlanWatch {
  const live = style === "auto" && output.isTTY === true;
  const works: Work[] = [];
  const speed = new Speeds();
  let drawn = Number.NEGATIVE_INFINITY;
  let written = false;
  const clear = (): void => {
    if (written) output.write("\r\x1b[2K");
    written = false;
  };
  const say = (text: string): void => {
    if (style === "none") return;
    clear();
    output.write(`${text}\n`);
  };
  const left = (): number => timeLeft(works, speed, threads);
  const doneOf = (): number => works.filter(({ state }) => state === "done").length;
  const draw = (): void => {
    const time = now();
    if (!live || time - drawn < EVERY) return;
    drawn = time;
    output.write(`\r\x1b[2K${line(label, works, left(), lineWidth(output))}`);
    written = true;
  };
  return {
    begin(fits) {
      works.push(
        ...fits.map(
          ({ fit, rows }): Work => ({
            fit,
            parts: costsOf(fit, rows),
            at: undefined,
            share: 0,
            state: "waiting",
          }),
        ),
      );
      if (!live)
        say(`${label}: ${works.length} ${works.length === 1 ? "fit" : "fits"}, about ${duration(left())}`);
    },
    progress(at, part, share) {
      const work = works[at]!;
      work.state = "running";
      work.at = part;
      work.share = share;
      draw();
    },
    note(at, text) {
      say(`${works[at]!.fit.id}: ${text}`);
    },
    done(at, outcome) {
      const work = works[at]!;
      work.state = "done";
      const place = `[${String(doneOf()).padStart(String(works.length).length)}/${works.length}] ${work.fit.id.padEnd(width(works))}`;
      if ("message" in outcome) say(`${place}  not made: ${outcome.message}`);
      else {
        const { result, rhat, spent } = outcome;
        for (const { part, kind, expected } of work.parts) speed.learn(kind, expected, spent[part]);
        const seconds = result.cached ? "as was" : duration(spent.fit);
        const more = (["loo", "checks"] as const)
          .filter((part) => spent[part] > 0)
          .map((part) => `, ${part === "loo" ? "leave-one-out" : "checks"} ${duration(spent[part])}`);
        if (!live)
          say(
            `${place}  ${result.rows.toLocaleString("en").padStart(6)} rows  ${seconds.padStart(6)}${more.join("")}  R-hat ${rhat?.toFixed(3) ?? "NA"}  ${duration(left())} left`,
          );
        for (const warning of result.warnings) say(`  Warning: ${work.fit.id}: ${warning}`);
      }
      drawn = Number.NEGATIVE_INFINITY;
      draw();
    },
    end: clear,
  };
}

const width = (works: readonly Work[]): number => Math.max(...works.map(({ fit }) => fit.id.length));

/** How many times the expected time each kind of work takes here; what is not known yet takes the others'. */
class Speeds {
  readonly #sums = new Map<CostKind, { expected: number; spent: number }>();

  learn(kind: CostKind, expected: number, spent: number): void {
    // 0: it was there
    if (spent === 0) return;
    const sum = this.#sums.get(kind) ?? { expected: 0, spent: 0 };
    this.#sums.set(kind, { expected: sum.expected + expected, spent: sum.spent + spent });
  }

  factor(kind: CostKind): number {
    const own = this.#sums.get(kind);
    if (own) return own.spent / own.expected;
    const all = [...this.#sums.values()];
    if (all.length === 0) return 1;
    return (
      all.reduce((sum, { spent }) => sum + spent, 0) / all.reduce((sum, { expected }) => sum + expected, 0)
    );
  }
}

/** Seconds: what is left over the threads, but no less than the longest of it. */
function timeLeft(works: readonly Work[], speed: Speeds, threads: number): number {
  const seconds = works.map((work) => {
    if (work.state === "done") return 0;
    const at = work.parts.findIndex(({ part }) => part === work.at);
    return work.parts.reduce((sum, { kind, expected }, i) => {
      const undone = i < at ? 0 : i === at ? 1 - work.share : 1;
      return sum + undone * expected * speed.factor(kind);
    }, 0);
  });
  return Math.max(
    seconds.reduce((a, b) => a + b, 0) / Math.min(threads, Math.max(works.length, 1)),
    ...seconds,
    0,
  );
}

const BAR = 20;
const PARTS: Readonly<Record<PlanPart, string>> = { fit: "", loo: " leave-one-out", checks: " checks" };

/** What matters least is left out where the terminal is narrow. */
function line(label: string, works: readonly Work[], left: number, columns: number): string {
  const done = works.filter(({ state }) => state === "done").length;
  const filled = Math.round((BAR * done) / works.length);
  const running = works
    .filter(({ state }) => state === "running")
    .map(({ fit, at, share }) => `${fit.id}${PARTS[at ?? "fit"]} ${Math.round(100 * share)}%`);
  const head = `${label}  ${done}/${works.length} fits`;
  const tail = `  ${duration(left)} left`;
  const bar = `  ${"█".repeat(filled)}${"░".repeat(BAR - filled)}`;
  const now = running.length === 0 ? "" : `  ${running.join(", ")}`;
  for (const parts of [bar + now, now, bar, ""]) {
    const text = head + parts + tail;
    if (text.length <= columns) return text;
  }
  return (head + tail).slice(0, columns);
}
