import { EBFMI_LIMIT, ESS_PER_CHAIN, RHAT_TARGET } from "@bridgewise/core";
import type { ReportData } from "../report-data.ts";
import { whole } from "../rounding.ts";
import { type Block, type MethodsSection, paragraph } from "./document.ts";
import { fitNames, grouped, range } from "./fits.ts";

/** How the draws were made, with the settings in force. */
export function samplingSection(data: ReportData): MethodsSection {
  const fitted = data.runs.filter(({ manifest }) => !manifest.imported);
  const densities = new Set(fitted.map(({ manifest }) => manifest.density));
  const settings = grouped(fitted, ({ manifest: m }) => ({
    engine: `${m.engine}${m.precision ? `, ${m.precision}` : ""}`,
    density: m.density,
    chains: m.chains,
    draws: m.draws,
    seed: m.seed,
  }));
  const table: Block = {
    kind: "table",
    caption: "Settings of the sampler",
    columns: ["Fits", "Engine", "Density", "Chains", "Warm-up, each chain", "Draws, each chain", "Seed"],
    rows: settings.map(({ value, runs }) => [
      fitNames(runs, data),
      value.engine,
      value.density,
      whole(value.chains),
      range(runs.map(({ manifest }) => manifest.warmup)),
      whole(value.draws),
      String(value.seed),
    ]),
  };
  return {
    heading: "Sampling",
    blocks: [
      paragraph(
        `Posteriors were sampled by Hamiltonian Monte Carlo ({hmc}) with bridgewise ${data.version}, all chains in step. In whitened coordinates the standard normal part of the energy is solved exactly, as a rotation, and the remainder moves the momentum ({split}); two such stages make a step ({mclachlan}).`,
        "Warm-up learns the geometry in windows of growing length and tunes the step by dual averaging ({averaging}); it ends early once the chains agree on what it has learned, so that the numbers below may be smaller than those asked for. Random numbers are counter-based ({philox}): a seed gives the same draws on one engine, whatever the number of threads and whether or not a fit was interrupted.",
      ),
      ...(densities.has("collapsed")
        ? [
            paragraph(
              "Collapsed density: of normal responses, fixed effects and group effects are integrated out exactly, the variances alone are sampled, and the rest is drawn afterwards from its exact conditional distribution.",
            ),
          ]
        : []),
      ...(densities.has("latent") || densities.has("general")
        ? [
            paragraph(
              `${densities.has("latent") && densities.has("general") ? "Latent and general densities" : densities.has("latent") ? "Latent density" : "General density"}: the effects of large groups are sampled with the other parameters, each written by its approximate conditional posterior given these.`,
            ),
          ]
        : []),
      table,
      paragraph(
        `Convergence was judged by the rank-normalised split R-hat, at most ${RHAT_TARGET}, and bulk and tail effective sample sizes of ${ESS_PER_CHAIN} a chain at least ({rhat}); by divergent transitions, of which there should be none; and by the energy's Bayesian fraction of missing information, ${EBFMI_LIMIT} at least ({energy}). Numbers are printed with as many decimals as their Monte Carlo standard error supports.`,
      ),
    ],
  };
}
