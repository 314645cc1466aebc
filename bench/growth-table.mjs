const AXES = { rows: "Rows", raters: "Groups (raters)", predictors: "Predictors", chains: "Chains" };
const digits = (x) => (Number.isFinite(x) ? x.toPrecision(3) : "");

/** Markdown of bench/growth.mjs's result, a table for each size; `figure` is the file beside it. */
export function growthTable({ text, quick, threads, base, absent, rows }, figure) {
  const { rows: baseRows, raters, items, predictors, chains } = base;
  const tables = Object.entries(AXES).map(([axis, title]) => {
    const lines = rows
      .filter((row) => row.axis === axis)
      .map(
        (r) =>
          `| ${r.family} | ${r.value.toLocaleString("en")} | ${r.engine} | ${r.density} | ${digits(r.ms_per_gradient_and_chain)} | ${digits(r.gradients_per_draw)} | ${digits(r.seconds_per_1000)} | ${digits(r.setup)} | ${digits(r.warmup)} | ${r.memory_mb.toFixed(0)} | ${r.max_rhat.toFixed(2)} | ${r.divergences} |`,
      );
    return [
      `## ${title}\n`,
      `| family | ${title.toLowerCase()} | engine | density | ms a gradient and chain | gradients a draw | s for 1,000 draws of all chains | set-up s | warm-up s | memory, MB | R-hat | divergent |`,
      "|---|---|---|---|---|---|---|---|---|---|---|---|",
      ...lines,
    ].join("\n");
  });
  const skipped = Object.entries(absent).map(([engine, why]) => `- ${engine}: ${why}`);
  return [
    "# How cost grows",
    `${text}, ${threads === 1 ? "one core" : `${threads} threads`}${quick ? "; a quick run of small sizes" : ""}. A simulated crossed design of ${baseRows.toLocaleString("en")} rows, ${raters} raters, ${items} items, ${predictors} predictors, ${chains} chains; one size changed at a time, raters growing with the rows. 200 warm-up iterations at most, 25 to 200 draws a chain: enough to time. Made by \`npm run bench\`.`,
    ...(figure ? [`![Seconds for 1,000 draws against each size](${figure})`] : []),
    ...tables,
    ...(skipped.length > 0 ? [`## Skipped\n\n${skipped.join("\n")}`] : []),
    "",
  ].join("\n\n");
}
