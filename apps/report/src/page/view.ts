import type { Scale } from "../figures/figure.ts";
import { INTERVALS } from "../report-data.ts";

/** What the reader sees: a page, and how its figures are drawn. All of it is in the address, so that a link shows the same. */
export interface View {
  readonly page: string;
  readonly scale: Scale;
  /** Mass of the intervals, one of `INTERVALS`. */
  readonly level: number;
  /** Chosen attributes and subsets; undefined: all. */
  readonly attributes: readonly string[] | undefined;
  readonly subsets: readonly string[] | undefined;
  /** What one page keeps for itself: `fit`, `row`, `analysis`, `sort`; forgotten on another page. */
  readonly own: Readonly<Record<string, string>>;
}

export const SCALES = ["coefficient", "ratio", "percent"] as const satisfies readonly Scale[];

const DEFAULT_LEVEL = 0.9;
const SHARED = ["scale", "level", "attributes", "subsets"];

/** Reads an address's hash, `#tables?scale=ratio&row=…`; what it does not know or cannot be is left at its default. */
export function readView(hash: string, pages: readonly string[]): View {
  const [name = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  const level = Number(given.get("level"));
  const names = (key: string): readonly string[] | undefined =>
    given.has(key) ? given.getAll(key).filter((value) => value !== "") : undefined;
  return {
    page: pages.includes(name) ? name : (pages[0] ?? ""),
    scale: SCALES.find((scale) => scale === given.get("scale")) ?? "coefficient",
    level: INTERVALS.find((mass) => mass === level) ?? DEFAULT_LEVEL,
    attributes: names("attributes"),
    subsets: names("subsets"),
    own: Object.fromEntries([...given].filter(([key]) => !SHARED.includes(key))),
  };
}

/** The hash of a view; defaults are left out. */
export function writeView(view: View): string {
  const query = new URLSearchParams();
  if (view.scale !== "coefficient") query.set("scale", view.scale);
  if (view.level !== DEFAULT_LEVEL) query.set("level", String(view.level));
  for (const key of ["attributes", "subsets"] as const) {
    const chosen = view[key];
    if (chosen === undefined) continue;
    if (chosen.length === 0) query.set(key, "");
    for (const name of chosen) query.append(key, name);
  }
  for (const [key, value] of Object.entries(view.own)) query.set(key, value);
  const text = query.toString();
  return `#${view.page}${text === "" ? "" : `?${text}`}`;
}

/** A link to a page; the reader's scale, interval and choices go along when it is followed (see `follow`). */
export const linkTo = (page: string, own: Readonly<Record<string, string>> = {}): string =>
  writeView({
    page,
    scale: "coefficient",
    level: DEFAULT_LEVEL,
    attributes: undefined,
    subsets: undefined,
    own,
  });

type Listener = (view: View, before: View) => void;

/** The one place where the view is kept: it follows the address, and the address follows it. */
export class Views {
  readonly #pages: readonly string[];
  readonly #window: Window;
  readonly #listeners = new Set<Listener>();
  #view: View;

  constructor(pages: readonly string[], window: Window) {
    this.#pages = pages;
    this.#window = window;
    this.#view = readView(window.location.hash, pages);
    window.addEventListener("hashchange", () => this.#set(readView(window.location.hash, pages)));
  }

  get view(): View {
    return this.#view;
  }

  /** Called at each change; returns what ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Changes how things are shown; no new entry in the history, so that "back" leads to the page before. */
  change(patch: Partial<Omit<View, "page">>): void {
    const view = { ...this.#view, ...patch };
    this.#window.history.replaceState(null, "", writeView(view));
    this.#set(view);
  }

  /** Goes to a link made by `linkTo`, keeping scale, interval and choices. */
  follow(hash: string): void {
    const { page, own } = readView(hash, this.#pages);
    const target = writeView({ ...this.#view, page, own });
    if (target === this.#window.location.hash) this.#set({ ...this.#view, own: { ...own } });
    else this.#window.location.hash = target;
  }

  #set(view: View): void {
    const before = this.#view;
    this.#view = view;
    for (const listener of [...this.#listeners]) listener(view, before);
  }
}
