import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCommand } from "./command.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8").replaceAll("\\\n", "");

/** Commands in a document's indented blocks: what is run, such as `scores compare`, and its flags. */
const commandsOf = (text: string) =>
  [...text.matchAll(/^ {4}(?:npx )?bridgewise (score|scores [a-z]+) (.*)$/gm)].map(([, command, rest]) => ({
    command: command!,
    flags: rest!.match(/--[a-z-]+/g) ?? [],
  }));

it.each(["docs/scorers.md", "packages/perspective/README.md"])(
  "the commands of %s have the flags that they are given",
  async (path) => {
    const commands = commandsOf(read(path));
    expect(commands.length).toBeGreaterThanOrEqual(6);
    const names = [...new Set(commands.map(({ command }) => command))];
    const help = new Map(
      await Promise.all(
        names.map(async (name) => {
          const { stdout } = await runCommand([...name.split(" "), "--help"]);
          return [name, new Set(stdout.match(/^ {2}--[a-z-]+/gm)?.map((flag) => flag.trim()))] as const;
        }),
      ),
    );
    for (const { command, flags } of commands)
      for (const flag of flags) expect(help.get(command), `${command} ${flag}`).toContain(flag);
  },
);
