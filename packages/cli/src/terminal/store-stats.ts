import { fixed } from "@bridgewise/core";
import type { StoreStats } from "@bridgewise/perspective/node";
import { alignColumns, WIDTH } from "./table.ts";
import { wrap } from "./wrap.ts";

const n = (value: number): string => value.toLocaleString("en");

/** What a store holds: for each provider and language a table of its scores, and its failures, a paragraph a reason. */
export function storeStatsText({ file, scores, failures }: StoreStats): string {
  if (scores.length + failures.length === 0) return `${file}: holds no scores yet`;
  const nameOf = ({ provider, language }: { readonly provider: string; readonly language: string }) =>
    `${provider} (${language})`;
  const names = new Set([...scores, ...failures].map(nameOf));
  return [...names]
    .map((name) => {
      const rows = scores.filter((s) => nameOf(s) === name);
      const table = [
        ["Attribute", "Texts", "Mean", "Least", "Greatest", "Last scored"],
        ...rows.map((s) => [
          ...[s.attribute, n(s.texts)],
          ...[s.mean, s.least, s.greatest].map((value) => fixed(value, 3)),
          s.last.slice(0, 10),
        ]),
      ];
      const failed = failures.filter((f) => nameOf(f) === name);
      return [
        name,
        ...(rows.length > 0 ? [alignColumns(table)] : []),
        ...failed.flatMap(({ texts, reason, example }) =>
          wrap(
            `Failed: ${n(texts)} ${texts === 1 ? "text" : "texts"} (${reason}), such as: ${example}`,
            WIDTH,
            "  ",
          ),
        ),
      ].join("\n");
    })
    .join("\n\n");
}
