import { hasDraws } from "../draws.ts";
import { hypothesisBox } from "../hypothesis-box.ts";
import type { Page } from "../page.ts";

export const ask: Page = {
  id: "ask",
  name: "Ask the draws",
  question: "What do the draws say of my own question?",
  heading: () => "Test a hypothesis of your own",
  has: ({ data }) => data.runs.some(hasDraws),
  build: ({ data }) => [hypothesisBox(data)],
};
