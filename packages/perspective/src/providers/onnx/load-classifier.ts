import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { InputError } from "@bridgewise/core";
import { ownProvider } from "../../provider-name.ts";
import type { Scorer } from "../../scorer.ts";
import { classifierScorer, type TextClassifier } from "./classifier.ts";
import { labelsOf, type ModelConfig } from "./labels.ts";
import { loadTransformers, type Transformers } from "./transformers.ts";

export interface OnnxOptions {
  /** Folder with config.json, tokenizer.json and onnx/model.onnx, as models come from the Hugging Face hub. */
  readonly modelDir: string;
  /** In place of "onnx" and the folder's name in the provider's; the files' hash is always added. */
  readonly provider?: string;
  /** Cut texts of more tokens than the model takes, and say so; default: they are an error. */
  readonly cut?: boolean;
  /** Texts in one call; default 16. */
  readonly batch?: number;
}

const WAY_OUT =
  "name a folder with config.json, tokenizer.json and onnx/model.onnx (such as Xenova/toxic-bert's, fetched once)";

/** Where a model's weights are looked for, the exact ones first. */
const WEIGHTS = [
  { subfolder: "onnx", file: "model.onnx", dtype: "fp32" },
  { subfolder: "", file: "model.onnx", dtype: "fp32" },
  { subfolder: "onnx", file: "model_quantized.onnx", dtype: "q8" },
  { subfolder: "", file: "model_quantized.onnx", dtype: "q8" },
] as const;

/** A classifier in a folder as a scorer, by ONNX on this machine's CPU. Nothing is fetched. */
export async function makeOnnxScorer(
  options: OnnxOptions,
): Promise<Scorer & { readonly attributes: readonly string[] }> {
  const dir = resolve(options.modelDir);
  const files = await modelFiles(dir);
  const config = await readConfig(join(dir, "config.json"));
  const labels = labelsOf(config, join(dir, "config.json"));
  const hash = await contentHash(files.paths);
  const transformers = await loadTransformers();
  const classifier = await loadClassifier(transformers, dir, config, labels, files, options.batch ?? 16);
  const name = options.provider === undefined ? `onnx:${basename(dir)}` : ownProvider(options.provider);
  return classifierScorer(classifier, {
    provider: `${name}:${hash.slice(0, 8)}`,
    cut: options.cut === true,
  });
}

interface ModelFiles {
  readonly weights: (typeof WEIGHTS)[number];
  /** Everything that scores depend on. */
  readonly paths: readonly string[];
}

async function modelFiles(dir: string): Promise<ModelFiles> {
  if (!(await stat(dir).catch(() => undefined))?.isDirectory())
    throw new InputError(`is no folder; ${WAY_OUT}`, { file: dir });
  const isThere = async (path: string): Promise<boolean> =>
    (await stat(path).catch(() => undefined)) !== undefined;
  for (const name of ["config.json", "tokenizer.json"])
    if (!(await isThere(join(dir, name)))) throw new InputError(`has no ${name}; ${WAY_OUT}`, { file: dir });
  for (const weights of WEIGHTS) {
    const path = join(dir, weights.subfolder, weights.file);
    if (!(await isThere(path))) continue;
    const others = ["config.json", "tokenizer.json", "tokenizer_config.json"].map((name) => join(dir, name));
    const paths = [];
    for (const file of [...others, path, `${path}_data`]) if (await isThere(file)) paths.push(file);
    return { weights, paths };
  }
  throw new InputError(`has no onnx/model.onnx; ${WAY_OUT}`, { file: dir });
}

async function readConfig(file: string): Promise<ModelConfig> {
  try {
    const config: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof config === "object" && config !== null) return config;
  } catch {
    // told below
  }
  throw new InputError(`is no JSON object; ${WAY_OUT}`, { file });
}

/** SHA-256 of the files, one after the other, hex. */
async function contentHash(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function loadClassifier(
  { env, AutoTokenizer, AutoModelForSequenceClassification }: Transformers,
  dir: string,
  config: ModelConfig,
  labels: readonly string[],
  { weights }: ModelFiles,
  batch: number,
): Promise<TextClassifier> {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  const local = { local_files_only: true };
  const { subfolder, dtype } = weights;
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(dir, local),
    AutoModelForSequenceClassification.from_pretrained(dir, { ...local, subfolder, dtype, device: "cpu" }),
  ]).catch((error: Error) => {
    throw new InputError(`cannot be loaded: ${String(error.message).split("\n")[0]}`, { file: dir });
  });
  return {
    model: `${basename(dir)} ${dtype}, transformers.js ${env.version}`,
    labels,
    maxTokens: tokenLimit(config, tokenizer.model_max_length),
    tokens: (text) => tokenizer.encode(text).length,
    // dynamic quantisation scales by the whole batch: a text's score would depend on its neighbours'
    batch: dtype === "fp32" ? batch : 1,
    logits: async (texts) => {
      const { logits } = await model(tokenizer(texts, { padding: true, truncation: false }));
      return logits.data;
    },
  };
}

/** The lesser of what config and tokenizer say; 512, BERT's, where neither does. */
function tokenLimit(
  { max_position_embeddings: positions, model_type: type }: ModelConfig,
  tokenizerLimit: number | undefined,
): number {
  // RoBERTa's positions begin after that of the padding
  const unused = typeof type === "string" && /roberta|camembert/.test(type) ? 2 : 0;
  const limits = [
    ...(typeof positions === "number" && positions > unused ? [positions - unused] : []),
    ...(tokenizerLimit !== undefined && tokenizerLimit > 0 ? [tokenizerLimit] : []),
  ];
  return limits.length === 0 ? 512 : Math.min(...limits);
}
