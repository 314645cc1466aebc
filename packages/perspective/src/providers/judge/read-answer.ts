import { Option, Schema } from "effect";

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema));
/** What is read of a response of chat/completions. */
const Completion = Schema.Struct({
  model: optional(Schema.String),
  choices: Schema.Array(
    Schema.Struct({
      finish_reason: optional(Schema.String),
      message: Schema.Struct({ content: optional(Schema.String), refusal: optional(Schema.String) }),
    }),
  ),
});
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Completion));

export type JudgeAnswer =
  | { readonly kind: "score"; readonly score: number; readonly model?: string }
  /** The model answered, and there is no score in it: `why` in one line, without the answer, which may repeat the text. */
  | { readonly kind: "unusable"; readonly why: string }
  /** This is no response of chat/completions, or not the whole of one. */
  | { readonly kind: "malformed" };

/** The score in a response's body. Nothing is rounded, clamped or rescaled, and nothing that is missing is a 0. */
export function readAnswer(body: string): JudgeAnswer {
  const decoded = decode(body);
  if (Option.isNone(decoded)) return { kind: "malformed" };
  const { model, choices } = decoded.value;
  const choice = choices[0];
  if (choice === undefined) return { kind: "malformed" };
  const { content, refusal } = choice.message;
  if (refusal) return unusable("the model refused to answer");
  if (choice.finish_reason === "content_filter")
    return unusable("the answer was withheld by the host's filter");
  if (choice.finish_reason === "length") return unusable("the answer was cut at the limit of tokens");
  if (content === undefined || content === null || content.trim() === "")
    return unusable("the answer is empty");
  let found: unknown;
  try {
    found = JSON.parse(withoutFence(content));
  } catch {
    return unusable("the answer is no JSON");
  }
  const score =
    typeof found === "object" && found !== null ? (found as { score?: unknown }).score : undefined;
  if (typeof score !== "number") return unusable("the answer has no number as its score");
  if (!(score >= 0 && score <= 1)) return unusable(`the score ${score} is not in [0, 1]`);
  return { kind: "score", score, ...(model && { model }) };
}

const unusable = (why: string): JudgeAnswer => ({ kind: "unusable", why });

/** Models that are not held to a schema put their JSON in a Markdown fence. */
const withoutFence = (content: string): string =>
  /^```(?:json)?\s*\n(.*)\n\s*```$/s.exec(content.trim())?.[1] ?? content;
