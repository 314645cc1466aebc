import { PAPER_CONVERSATIONS, PAPER_COUNTS, PRISM_COUNTS } from "../flow.ts";
import { CONVERSATION_TYPES } from "../schema.ts";
import type { ValueCounts } from "./check-columns.ts";
import type { RowChecks } from "./check-rows.ts";
import { CODEBOOK, CONVERSATIONS_BY_TYPE, PRISM_FILES, type PrismFileName, TEXTS } from "./codebook.ts";
import type { Differences } from "./differences.ts";
import type { Fields } from "./rules.ts";

/** A number of the files beside the published one. */
export interface PrismCount {
  readonly what: string;
  readonly file: PrismFileName;
  /** Who published it; null where nobody did. */
  readonly source: "PRISM" | "PAPER" | null;
  readonly published: number | null;
  /** null where a file that it needs is missing. */
  readonly found: number | null;
  /** `not compared`: nothing is published, a file is missing, or the data are simulated and do not keep it. */
  readonly status: "agrees" | "differs" | "not compared";
}

export interface FilesRead {
  readonly rows: Readonly<Partial<Record<PrismFileName, number>>>;
  readonly values: Readonly<Partial<Record<PrismFileName, ValueCounts>>>;
  readonly checks: RowChecks;
  /** Which counts are compared: of simulated data those that it keeps, and at full size only. */
  readonly compare: "all" | "simulated" | "none";
  /** A file's name in messages. */
  readonly nameOf: (file: PrismFileName) => string;
}

/** PRISM's codebook. */
const SURVEYED = 1500;
const INTERACTIONS = 27172;
const MODELS = 21;

type Source = PrismCount["source"];

/** Counts in the order of a table; each that is off is a difference too. */
export function countFiles(read: FilesRead, differences: Differences): PrismCount[] {
  const { rows, values, checks, compare, nameOf } = read;
  const counts: PrismCount[] = [];
  /** `kept`: simulated data have it as published. */
  const add = (
    file: PrismFileName,
    what: string,
    of: { readonly source: Source; readonly published: number | null; readonly kept: boolean },
    found: () => number,
    needs: readonly PrismFileName[] = [file],
  ): void => {
    const { source, published, kept } = of;
    const known = needs.every((name) => (rows[name] ?? 0) > 0) ? found() : null;
    const compared =
      published !== null && known !== null && (compare === "all" || (compare === "simulated" && kept));
    const status = compared ? (known === published ? "agrees" : "differs") : "not compared";
    counts.push({ what, file, source, published, found: known, status });
    if (status === "differs") {
      differences.add(
        what,
        { file: nameOf(file) },
        () => `${what}: ${number(known)}, expected ${number(published)} (${source})`,
      );
    }
  };
  const prism = (published: number, kept = true) => ({ source: "PRISM" as const, published, kept });
  const paper = (published: number) => ({ source: "PAPER" as const, published, kept: true });
  const plain = { source: null, published: null, kept: false };

  add("survey", "users in the survey", prism(SURVEYED), () => rows.survey!);
  add("conversations", "users with conversations", prism(PRISM_COUNTS.users), () => checks.activeUsers);
  add("conversations", "conversations", prism(PRISM_COUNTS.conversations), () => rows.conversations!);
  for (const type of CONVERSATION_TYPES) {
    const found = values.conversations?.get("conversation_type")?.get(type) ?? 0;
    add("conversations", `conversations, ${type}`, prism(CONVERSATIONS_BY_TYPE[type]!), () => found);
  }
  add("utterances", "prompts (interactions)", prism(INTERACTIONS, false), () => checks.interactions);
  add("utterances", "rated responses", prism(PRISM_COUNTS.responses, false), () => rows.utterances!);
  add("utterances", "models", prism(MODELS), () => checks.models);
  const both = ["conversations", "utterances"] as const;
  add("utterances", "responses to a first prompt, least", plain, () => checks.firstTurns.least, both);
  add("utterances", "responses to a first prompt, most", plain, () => checks.firstTurns.most, both);
  add("utterances", "empty responses (EMPTY STRING)", plain, () => checks.emptyResponses);
  const texts = Object.values(TEXTS).reduce((sum, count) => sum + count, 0);
  add("metadata", "texts", prism(texts, false), () => rows.metadata!);
  const three = [...both, "metadata"] as const;
  const english = checks.english();
  const first = "English first prompt";
  add("metadata", `${first}: users`, paper(PAPER_COUNTS.users), () => english.users, three);
  add(
    "metadata",
    `${first}: conversations`,
    paper(PAPER_COUNTS.conversations),
    () => english.conversations,
    three,
  );
  for (const type of CONVERSATION_TYPES) {
    add("metadata", `${first}: ${type}`, paper(PAPER_CONVERSATIONS[type]), () => english.of(type), three);
  }
  return [...counts, ...countValues(read, differences)];
}

/** For each file, how many of the codebook's counts by value agree. */
function countValues({ rows, values, compare, nameOf }: FilesRead, differences: Differences): PrismCount[] {
  return PRISM_FILES.flatMap((file): PrismCount[] => {
    const published = publishedOf(CODEBOOK[file]);
    if (!((rows[file] ?? 0) > 0) || compare !== "all") {
      const what = "counts by value as in the codebook";
      return [
        { what, file, source: "PRISM", published: published.length, found: null, status: "not compared" },
      ];
    }
    const agreeing = published.filter(({ path, value, count }) => {
      const found = values[file]?.get(path)?.get(value) ?? 0;
      if (found === count) return true;
      differences.add(
        `count ${value}`,
        { file: nameOf(file) },
        () => `${number(found)} rows have '${value}', expected ${number(count)} (PRISM)`,
        path,
      );
      return false;
    }).length;
    const status = agreeing === published.length ? "agrees" : "differs";
    return [
      {
        what: "counts by value as in the codebook",
        file,
        source: "PRISM",
        published: published.length,
        found: agreeing,
        status,
      },
    ];
  });
}

interface PublishedValue {
  readonly path: string;
  readonly value: string;
  readonly count: number;
}

function publishedOf(fields: Fields, path = ""): PublishedValue[] {
  return Object.entries(fields).flatMap(([name, { published = {}, fields: inner = {} }]) => [
    ...Object.entries(published).map(([value, count]) => ({ path: path + name, value, count })),
    ...publishedOf(inner, `${path}${name}.`),
  ]);
}

function number(value: number | null): string {
  return value === null ? "" : value.toLocaleString("en");
}
