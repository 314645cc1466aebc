import { choice } from "./dom.ts";

const THEMES = [
  { value: "auto", text: "as the system" },
  { value: "light", text: "light" },
  { value: "dark", text: "dark" },
] as const;
const KEY = "bridgewise-theme";

/** Light, dark, or as the system has it; kept in the browser where it lets a page from disk keep anything. */
export function themeSwitch(): HTMLElement {
  const set = (theme: string): void => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
  };
  const { element, set: select } = choice("Colours", THEMES, (theme) => {
    set(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // storage is closed: the choice holds until the page is
    }
  });
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // see above
  }
  const theme = THEMES.find(({ value }) => value === kept)?.value ?? "auto";
  set(theme);
  select(theme);
  return element;
}
