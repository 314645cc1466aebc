import { join } from "node:path";
import { didYouMean, InputError, listNames } from "@bridgewise/core";
import { writeFiles } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { Stopped } from "../failure.ts";
import { stoppable } from "../stoppable.ts";
import { rowProgress } from "../terminal/row-progress.ts";
import { alignColumns } from "../terminal/table.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";
import { namesOf } from "./run-flags.ts";

// The renderers take a fifth of a second to load: only this command waits for them.
const render = () => import("@bridgewise/report/render");
type Render = Awaited<ReturnType<typeof render>>;
type Figure = ReturnType<Render["figuresOf"]>[number];
type Format = Render["FIGURE_FORMATS"][number];

/** Widths that figures are laid out for, px of 1/96 inch. */
const WIDTHS = [320, 1100] as const;
const DPIS = [72, 1200] as const;

interface Wanted {
  readonly folders: readonly string[];
  readonly out: string | undefined;
  readonly formats: string;
  readonly only: string | undefined;
  readonly width: number;
  readonly scale: "coefficient" | "ratio" | "percent";
  readonly level: string;
  readonly dpi: number;
  readonly grey: boolean;
  readonly list: boolean;
}

/** A figure and its files. */
interface Written {
  readonly id: string;
  readonly page: string;
  readonly title: string;
  readonly caption: string;
  readonly files: readonly string[];
}

export const figures = Command.make(
  "figures",
  {
    folders: Argument.String("runs").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription("Run folders, or the output folder of 'reproduce' or 'run'"),
    ),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for the figures: ID.svg, ID.png, ID.pdf"),
    ),
    formats: Flag.String("format").pipe(
      Flag.withDefault("svg"),
      Flag.withMetavar("svg,png,pdf"),
      Flag.withDescription("Formats, with commas between (default: svg)"),
    ),
    only: Flag.String("only").pipe(
      Flag.optional,
      Flag.withMetavar("ID,ID"),
      Flag.withDescription("Only these figures (default: all; --list names them)"),
    ),
    width: Flag.Int("width").pipe(
      Flag.withDefault(720),
      Flag.withDescription(
        "Width in px of 1/96 inch, 320 to 1100 (default: 720); narrow figures put names above",
      ),
    ),
    scale: Flag.Literals("scale", ["coefficient", "ratio", "percent"]).pipe(
      Flag.withDefault("coefficient" as const),
      Flag.withDescription("Of coefficients: as they are, exp(b), or the percent that +0.1 adds"),
    ),
    level: Flag.String("level").pipe(
      Flag.withDefault("0.9"),
      Flag.withMetavar("0.9"),
      Flag.withDescription("Mass of the intervals: 0.5, 0.66, 0.8, 0.9, 0.95 or 0.99 (default: 0.9)"),
    ),
    dpi: Flag.Int("dpi").pipe(
      Flag.withDefault(192),
      Flag.withDescription("Of PNG, dots an inch (default: 192, two dots a px)"),
    ),
    grey: Flag.Boolean("grey").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Greys of the same luminance instead of colours"),
    ),
    list: Flag.Boolean("list").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Name the figures there are, write nothing"),
    ),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ quiet, json, out, only, ...wanted }) {
    const bar = rowProgress("figures", process.stderr, quiet || json ? "none" : "auto", undefined, "figures");
    const request = { ...wanted, out: Option.getOrUndefined(out), only: Option.getOrUndefined(only) };
    const written = yield* stoppable((signal) => makeFigures(request, signal, bar.update), bar.done);
    if (json) console.log(JSON.stringify({ figures: written }, null, 2));
    else if (wanted.list)
      console.log(
        alignColumns(
          [["Figure", "Page", "Title"], ...written.map(({ id, page, title }) => [id, page, title])],
          3,
        ),
      );
    else if (!quiet) {
      const files = written.reduce((sum, figure) => sum + figure.files.length, 0);
      console.log(
        `${files} ${files === 1 ? "file" : "files"} of ${written.length} ${written.length === 1 ? "figure" : "figures"} in ${request.out}`,
      );
    }
  }),
).pipe(
  Command.withDescription(
    "Draws the report's figures into files: SVG with outlined text, PNG, or PDF with embedded fonts, the same bytes for the same runs.",
  ),
  Command.withShortDescription("Figures of runs as SVG, PNG, PDF"),
  Command.withExamples([
    {
      command: "bridgewise figures out/paper --out figures --format svg,pdf --only 1a,1b,1c",
      description: "Three figures of a whole plan, for a manuscript",
    },
    {
      command: "bridgewise figures runs/all --list",
      description: "Which figures one run gives",
    },
  ]),
);

async function makeFigures(
  wanted: Wanted,
  signal: AbortSignal,
  onFigure: (done: number, total: number) => void,
): Promise<Written[]> {
  const { figuresOfFolders, renderFigure, FIGURE_FORMATS, INTERVALS } = await render();
  const formats = formatsOf(wanted.formats, FIGURE_FORMATS);
  const level = levelOf(wanted.level, INTERVALS);
  within("--width", wanted.width, WIDTHS, "px");
  within("--dpi", wanted.dpi, DPIS, "dots an inch");
  if (wanted.out === undefined && !wanted.list)
    throw new InputError("say where the figures go with --out DIR, or name them with --list");
  const chosen = chosenOf(await figuresOfFolders(wanted.folders), wanted.only);
  const { width, scale, dpi, grey, out = "" } = wanted;
  const options = { width, scale, level, dpi, grey };
  const written: Written[] = [];
  for (const [i, figure] of chosen.entries()) {
    const about = {
      ...{ id: figure.id, page: figure.page, title: figure.title, caption: figure.caption(options) },
    };
    const files = wanted.list ? [] : formats.map((format) => ({ format, name: `${figure.id}.${format}` }));
    for (const { format, name } of files) {
      if (signal.aborted)
        throw new Stopped({ message: `stopped; ${i} of ${chosen.length} figures are written` });
      await writeFiles(out, [{ name, text: await renderFigure(figure, format, options) }]);
    }
    written.push({ ...about, files: files.map(({ name }) => join(out, name)) });
    onFigure(i + 1, chosen.length);
    // Ctrl-C is heard between figures
    await new Promise((resolve) => setImmediate(resolve));
  }
  return written;
}

function formatsOf(text: string, known: readonly Format[]): Format[] {
  return [...new Set(namesOf("--format", text))].map((name) => {
    const format = known.find((one) => one === name.toLowerCase());
    if (format === undefined)
      throw new InputError(
        `--format: '${name}' is none; ${didYouMean(name, known)}there are ${listNames(known)}`,
      );
    return format;
  });
}

function levelOf(text: string, known: readonly number[]): number {
  const level = known.find((one) => one === Number(text));
  if (text.trim() === "" || level === undefined)
    throw new InputError(`--level is one of ${known.join(", ")}: '${text}'`);
  return level;
}

function within(flag: string, value: number, [least, most]: readonly [number, number], unit: string): void {
  if (!(value >= least && value <= most))
    throw new InputError(`${flag} is between ${least} and ${most} ${unit}: ${value}`);
}

function chosenOf(all: readonly Figure[], only: string | undefined): readonly Figure[] {
  if (only === undefined) return all;
  const ids = all.map(({ id }) => id);
  return namesOf("--only", only).map((id) => {
    const figure = all.find((one) => one.id === id);
    if (figure === undefined)
      throw new InputError(
        `--only: there is no figure '${id}'; ${didYouMean(id, ids)}there are ${listNames(ids)}`,
      );
    return figure;
  });
}
