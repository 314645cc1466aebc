import type { ReportData } from "../report-data.ts";
import { el } from "./dom.ts";
import { TO_PAPER } from "./figure-view.ts";
import { type Page, type PageContext, wordsFor } from "./page.ts";
import { themeSwitch } from "./theme.ts";
import type { View } from "./view.ts";

interface Room {
  readonly page: Page;
  readonly name: string;
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
  readonly link: HTMLAnchorElement;
  built: boolean;
}

/** The report around its pages: banner, navigation, one page at a time by the address, all of them on paper. */
export function shell(
  pages: readonly Page[],
  context: PageContext,
  status: HTMLElement,
  root: HTMLElement,
): void {
  const { data, views } = context;
  const simulated = isSimulated(data);
  const rooms = pages.map((page): Room => {
    const heading = el("h1", { tabindex: "-1", id: `${page.id}-heading` }, page.heading(context));
    const name = wordsFor(page.name, context);
    return {
      page,
      name,
      heading,
      link: el("a", { href: `#${page.id}` }, name),
      section: el(
        "article",
        // not the hash itself, or the browser scrolls to it
        { id: `page-${page.id}`, "aria-labelledby": heading.id, hidden: "" },
        simulated && el("p", { class: "stamp" }, "SIMULATED data"),
        el("p", { class: "question" }, wordsFor(page.question, context)),
        heading,
      ),
      built: false,
    };
  });
  const build = (room: Room): void => {
    if (room.built) return;
    room.built = true;
    for (const child of room.page.build(context)) if (child) room.section.append(child);
  };
  const list = el("ul", { id: "pages" }, ...rooms.map(({ link }) => el("li", {}, link)));
  const menu = el("button", { type: "button", class: "menu", "aria-controls": "pages" });
  const open = (yes: boolean): void => {
    menu.setAttribute("aria-expanded", String(yes));
    list.classList.toggle("open", yes);
  };
  menu.addEventListener("click", () => open(menu.getAttribute("aria-expanded") !== "true"));
  open(false);

  const show = (view: View): void => {
    for (const room of rooms) {
      const here = room.page.id === view.page;
      room.section.toggleAttribute("hidden", !here);
      if (here) {
        room.link.setAttribute("aria-current", "page");
        menu.textContent = room.name;
        document.title = `${simulated ? "SIMULATED: " : ""}${room.name} · ${data.title}`;
        build(room);
      } else room.link.removeAttribute("aria-current");
    }
  };
  const main = el("main", { id: "main", tabindex: "-1" }, ...rooms.map(({ section }) => section));
  const skip = el("a", { class: "skip", href: "#main" }, "Skip to the content");
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    rooms.find(({ page }) => page.id === views.view.page)?.heading.focus();
  });
  root.replaceChildren(
    skip,
    el(
      "header",
      { class: "masthead" },
      ...(simulated ? [banner()] : []),
      el(
        "div",
        { class: "title" },
        el("p", { class: "site" }, el("a", { href: `#${pages[0]!.id}` }, data.title)),
        themeSwitch(),
      ),
    ),
    el("nav", { "aria-label": "Pages" }, menu, list),
    main,
    el(
      "footer",
      {},
      `Made ${data.created.slice(0, 10)} with bridgewise ${data.version}. This page works offline and asks nothing of any server.`,
    ),
    status,
  );
  if (simulated) document.head.append(el("style", {}, paperStamp));

  // links inside the report keep the reader's scale, interval and choices
  root.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const href = (event.target as Element | null)?.closest("a")?.getAttribute("href");
    if (!href?.startsWith("#")) return;
    event.preventDefault();
    views.follow(href);
    open(false);
  });
  views.subscribe((view, before) => {
    show(view);
    if (view.page === before.page) return;
    open(false);
    window.scrollTo(0, 0);
    if (view.own["row"] === undefined)
      rooms.find(({ page }) => page.id === view.page)?.heading.focus({ preventScroll: true });
  });
  // paper has no way to unfold: all but the tables behind figures and what its line tells, which would double the report
  let unfolded: readonly HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    for (const room of rooms) {
      build(room);
      room.section.removeAttribute("hidden");
    }
    window.dispatchEvent(new Event(TO_PAPER));
    unfolded = [...main.querySelectorAll<HTMLDetailsElement>("details:not([open])")].filter(
      (details) => details.closest("figure, .controls, .brief") === null,
    );
    for (const details of unfolded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
    show(views.view);
  });
  show(views.view);
}

export const isSimulated = ({ runs, results, overview }: ReportData): boolean =>
  runs.some(({ manifest }) => manifest.simulated) ||
  results?.simulated === true ||
  overview?.simulated === true;

const banner = (): HTMLElement =>
  el(
    "p",
    { class: "simulated", role: "note" },
    el("strong", {}, "SIMULATED"),
    " data, made by a program with known coefficients: they say nothing about people.",
  );

/** On every sheet, in its margin. */
const paperStamp = `@page { @top-right { content: "SIMULATED data"; font: 700 9pt sans-serif; color: #8a1020; } }`;
