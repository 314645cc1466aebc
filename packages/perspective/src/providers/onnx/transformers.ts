import { createRequire } from "node:module";
import { join } from "node:path";
import { InputError } from "@bridgewise/core";

/** What is used of @huggingface/transformers 4, which is no dependency: it brings half a gigabyte. */
export interface Transformers {
  readonly env: {
    readonly version: string;
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    useFSCache: boolean;
  };
  readonly AutoTokenizer: { from_pretrained(folder: string, options: object): Promise<Tokenizer> };
  readonly AutoModelForSequenceClassification: {
    from_pretrained(folder: string, options: object): Promise<SequenceClassifier>;
  };
}

export interface Tokenizer {
  (texts: readonly string[], options: object): object;
  encode(text: string): ArrayLike<number>;
  readonly model_max_length?: number;
}

export type SequenceClassifier = (
  inputs: object,
) => Promise<{ readonly logits: { readonly data: ArrayLike<number>; readonly dims: readonly number[] } }>;

const PACKAGE = "@huggingface/transformers";

/** The CPU's library is in onnxruntime-node itself: what its install script would fetch is for GPUs. */
const INSTALL = `npm install --ignore-scripts ${PACKAGE}@4`;

/** Loads the package where it is installed: beside this one, or in the working folder. */
export async function loadTransformers(): Promise<Transformers> {
  try {
    return (await import(/* @vite-ignore */ PACKAGE)) as Transformers;
  } catch (error) {
    if (!isAbsent(error)) throw loadError(error);
  }
  try {
    return createRequire(join(process.cwd(), "package.json"))(PACKAGE) as Transformers;
  } catch (error) {
    if (!isAbsent(error)) throw loadError(error);
  }
  throw new InputError(
    `a local classifier needs the package ${PACKAGE}, which is not installed (it brings some 500 MB); in this folder: ${INSTALL}`,
  );
}

/** Whether it is this package that is not there, rather than one that it needs. */
function isAbsent(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!String(message).includes(PACKAGE)) return false;
  // Vite puts a module that throws this, without a code, in the place of an optional peer that is not installed
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? "") || String(message).startsWith("Could not resolve");
}

function loadError(error: unknown): InputError {
  const [line] = String((error as Error).message).split("\n");
  return new InputError(`${PACKAGE} is installed and cannot be loaded: ${line}; install it anew: ${INSTALL}`);
}
