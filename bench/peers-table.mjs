const f = (x, digits = 1) => (Number.isFinite(x) ? x.toFixed(digits) : "");
const table = (header, rows) =>
  [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Markdown of bench/run.mjs's result: multiples of NumPyro, wall time beside lme4's, where the time goes, what was skipped. */
export function peersTable({ text, runs, rows }) {
  const fits = rows.flatMap((row) =>
    Object.entries(row.bridgewise)
      .filter(([, b]) => !b.skipped)
      .map(([engine, b]) => ({ row, engine, b, peers: row.peers })),
  );
  const rate = (peer) => (peer && !peer.skipped ? peer.per_second : undefined);
  const speed = table(
    [
      "model",
      "engine",
      "least ESS",
      "total s",
      "least ESS/s",
      "NumPyro",
      "nutpie",
      "brms",
      "multiple of NumPyro",
      "by processor time",
      "reach",
    ],
    fits.map(({ row, engine, b, peers }) => [
      row.model,
      engine,
      f(b.least_ess, 0),
      f(b.total, 2),
      f(b.per_second, 0),
      f(rate(peers.numpyro), 2),
      f(rate(peers.nutpie), 2),
      f(rate(peers.brms), 2),
      f(b.per_second / rate(peers.numpyro), 0),
      f((b.least_ess / b.processor / peers.numpyro?.least_ess) * peers.numpyro?.processor, 0),
      row.reach?.[engine] ?? "",
    ]),
  );
  const point = table(
    ["model", "engine", "4 x 1,000 draws, s", "lme4's point estimate, s", "ratio"],
    fits
      .filter(({ peers }) => peers.lme4 && !peers.lme4.skipped)
      .map(({ row, engine, b, peers }) => [
        row.model,
        engine,
        f(b.total, 2),
        f(peers.lme4.wall, 2),
        f(b.total / peers.lme4.wall, 2),
      ]),
  );
  const share = (part, b) => `${f((100 * part) / b.total, 0)}%`;
  const where = table(
    [
      "model",
      "engine",
      "density",
      "gradients a draw",
      "ms a gradient and chain",
      "set-up",
      "warm-up (iterations)",
      "sampling",
      "wall / processor",
      "memory, MB",
      "R-hat",
      "divergent",
    ],
    fits.map(({ row, engine, b }) => [
      row.model,
      engine,
      b.density,
      f(b.gradients_per_draw, 2),
      f(b.ms_per_gradient_and_chain, 4),
      share(b.setup, b),
      `${share(b.warmup, b)} (${b.warmup_iterations})`,
      share(b.sampling, b),
      f(b.total / b.processor, 2),
      f(b.memory_mb, 0),
      f(b.max_rhat, 3),
      b.divergences,
    ]),
  );
  const skipped = [
    ...new Set(
      rows.flatMap((row) =>
        Object.entries({ ...row.bridgewise, ...row.peers }).flatMap(([name, r]) =>
          r.skipped ? [`- ${name}${/collapsed/.test(r.skipped) ? ` (${row.model})` : ""}: ${r.skipped}`] : [],
        ),
      ),
    ),
  ];
  return [
    "# Against peers",
    `${text}, one core; 4 chains x 1,000 draws, medians of ${runs} runs; peers: 1 chain, 1,000 + 1,000, one run. Made by \`node bench/run.mjs\`.`,
    "Least bulk ESS over `b_*`, `sd_*` and `sigma` per second of total wall time: reading the file, set-up, warm-up and sampling (the peers' clocks leave the file out). By processor time: all processor seconds of either program, start and end included, which a busy machine disturbs less.",
    speed,
    "## The whole posterior beside lme4's point estimate",
    point,
    "## Where the time goes",
    `${where}\n\nWall / processor: above 1 the machine was busy with other work (or the program waited); below 1, part of the processor time was spent outside the fit.`,
    ...(skipped.length > 0 ? ["## Skipped", skipped.join("\n")] : []),
    "",
  ].join("\n\n");
}
