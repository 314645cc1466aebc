import { InputError, oneLine } from "@bridgewise/core";

/** Labels of the models that were trained on Jigsaw's data (Detoxify's original and unbiased), as attributes. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  toxic: "TOXICITY",
  toxicity: "TOXICITY",
  severe_toxic: "SEVERE_TOXICITY",
  severe_toxicity: "SEVERE_TOXICITY",
  insult: "INSULT",
  threat: "THREAT",
  identity_hate: "IDENTITY_ATTACK",
  identity_attack: "IDENTITY_ATTACK",
  obscene: "OBSCENE",
  sexual_explicit: "SEXUALLY_EXPLICIT",
};

/** What is read of a model's config.json. */
export interface ModelConfig {
  readonly id2label?: Readonly<Record<string, unknown>>;
  readonly model_type?: unknown;
  readonly problem_type?: unknown;
  readonly max_position_embeddings?: unknown;
}

/**
 * Labels of a classifier in the order of its logits. One whose labels are not independent, does not say so, or has
 * no names is an InputError: a sigmoid of its logits would be no probability, or one of nobody knows what.
 */
export function labelsOf(config: ModelConfig, file: string): string[] {
  const labels = Object.entries(config.id2label ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => String(label));
  if (labels.length === 0 || labels.some((label) => /^LABEL_\d+$/.test(label)))
    throw new InputError(
      "does not name the model's labels; write them into its id2label, in the order of the model's outputs",
      { file },
    );
  if (config.problem_type !== "multi_label_classification")
    throw new InputError(
      config.problem_type === undefined || config.problem_type === null
        ? `does not say whether the labels ${labels.map(oneLine).join(", ")} are independent; where they are (toxic-bert's, say), add "problem_type": "multi_label_classification" to it`
        : `is of a ${oneLine(String(config.problem_type))} model; take one with independent labels (multi_label_classification), such as toxic-bert`,
      { file },
    );
  const names = labels.map(attributeOfLabel);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new InputError(`has two labels that mean ${twice}: ${labels.map(oneLine).join(", ")}`, { file });
  return labels;
}

/** The attribute that a label stands for; a label of no known meaning keeps its name. */
export function attributeOfLabel(label: string): string {
  return ATTRIBUTES[label.toLowerCase()] ?? label;
}
