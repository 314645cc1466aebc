import { SIMULATED } from "../export/describe-run.ts";
import { NAME_COMMENT } from "../export/stan-csv.ts";
import { InputError } from "../input-error.ts";

/** What the comments of a Stan CSV file tell. */
export interface StanSettings {
  /** Rows of warm-up in the file, and iterations of it. */
  readonly savedWarmup: number;
  readonly warmup: number | null;
  /** Rows after warm-up that there should be, null where the comments do not tell. */
  readonly samples: number | null;
  readonly seed: number | null;
  readonly simulated: boolean;
  /** Own names of columns, by Stan's, from the comments that bridgewise writes. */
  readonly names: ReadonlyMap<string, string>;
}

/** CmdStan's settings are indented `key = value (Default)`, rstan's `key=value`; rstan's `iter` includes warm-up. */
export function stanSettings(comments: readonly string[], file: string): StanSettings {
  const values = new Map<string, string>();
  const names = new Map<string, string>();
  for (const comment of comments) {
    const own = comment.startsWith(NAME_COMMENT) ? comment.slice(NAME_COMMENT.length) : undefined;
    const [, name, spelled] = (own && /^(\S+) = (.*)$/s.exec(own)) || [];
    if (name !== undefined)
      names.set(name, spelled!.startsWith('"') ? (JSON.parse(spelled!) as string) : spelled!);
    const [, key, value] = /^#\s*(\w+)\s*=\s*(.*?)\s*(?:\(Default\))?\s*$/.exec(comment) ?? [];
    if (key !== undefined && !values.has(key)) values.set(key, value!);
  }
  const whole = (...keys: string[]): number | null => {
    const text = keys.map((key) => values.get(key)).find((found) => found !== undefined);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
  };
  const method = values.get("method");
  if (method !== undefined && method !== "sample" && method !== "generate_quantities")
    throw new InputError(
      `holds results of Stan's method '${method}', not draws of Markov chains; give the files of method 'sample'`,
      { file },
    );
  const thin = whole("thin") ?? 1;
  const kept = (iterations: number): number => Math.ceil(iterations / Math.max(1, thin));
  const warmup = whole("num_warmup", "warmup");
  const iterations = whole("iter");
  const sampled =
    whole("num_samples") ?? (iterations !== null && warmup !== null ? iterations - warmup : null);
  const saved = /^(1|true)$/.test(values.get("save_warmup") ?? "");
  return {
    savedWarmup: saved ? kept(warmup ?? 0) : 0,
    warmup,
    samples: sampled === null ? null : kept(sampled),
    seed: whole("seed"),
    simulated: comments.some((comment) => comment.startsWith(`# ${SIMULATED}`)),
    names,
  };
}
