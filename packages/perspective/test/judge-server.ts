import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { scoreOf } from "./perspective-server.ts";

/** Error bodies as OpenAI, Azure, vLLM, llama.cpp, Ollama and OpenRouter write them. */
export const CHAT_ERRORS = {
  rate: `{"error":{"message":"Rate limit reached for gpt-4o-mini in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}`,
  money: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`,
  badKey: `{"error":{"message":"Incorrect API key provided: sk-abc. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`,
  noModel: `{"error":{"message":"The model 'gpt-9' does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}`,
  temperature: `{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`,
  schema: `{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","type":"invalid_request_error","param":"response_format","code":null}}`,
  tooLong: `{"error":{"message":"This model's maximum context length is 4096 tokens. However, your messages resulted in 5012 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`,
  tooLongVllm: `{"object":"error","message":"This model's maximum context length is 2048 tokens. However, you requested 2600 tokens","type":"BadRequestError","param":null,"code":400}`,
  tooLongLlama: `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}`,
  filter: `{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}}`,
  ollama: `{"error":"model 'llama9' not found"}`,
  fastApi: `{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required","input":{"text":"A private text"}}]}`,
} as const;

export interface ChatRequest {
  readonly model: string;
  readonly temperature: number;
  readonly max_tokens: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format: { readonly type: string };
}

export interface ReceivedChat {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: ChatRequest;
}

/** What the server does instead of a good answer. */
export type ChatFault =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The message's text. */
  | { readonly content: string | null; readonly finish?: string; readonly refusal?: string }
  | "break"
  | "truncate"
  | "hang";

/** Attribute and text of a request, found as a model would. */
export function askedFor({ messages }: ChatRequest): { attribute: string; text: string } {
  const attribute = /for a study of language: ([A-Z_]+)\./.exec(messages[0]!.content)![1]!;
  const [, text] = /^\[text [0-9a-f]{16}\]\n(.*)\n\[end of text [0-9a-f]{16}\]$/s.exec(messages[1]!.content)!;
  return { attribute, text: text! };
}

/** The model's name that the server answers with. */
export const ANSWERING_MODEL = "judge-model-2026-11-01";

export function completion(body: ChatRequest, fault?: Extract<ChatFault, { content: unknown }>): string {
  const { attribute, text } = askedFor(body);
  const content = fault === undefined ? JSON.stringify({ score: scoreOf(text, attribute) }) : fault.content;
  const message = { role: "assistant", content, refusal: fault?.refusal ?? null };
  return JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: ANSWERING_MODEL,
    choices: [{ index: 0, message, finish_reason: fault?.finish ?? "stop" }],
    usage: { prompt_tokens: 300, completion_tokens: 7, total_tokens: 307 },
  });
}

/** A local server that speaks chat/completions; `fault` decides what goes wrong. */
export async function judgeServer(
  fault: (request: ReceivedChat, number: number) => ChatFault | undefined = () => undefined,
): Promise<{
  readonly url: string;
  readonly requests: ReceivedChat[];
  readonly close: () => Promise<void>;
}> {
  const requests: ReceivedChat[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const received = { url: request.url ?? "", headers: request.headers, body: JSON.parse(text) };
    requests.push(received);
    const wrong = fault(received, requests.length);
    const json = { "content-type": "application/json" };
    if (wrong === "hang") return;
    if (wrong === "break") request.socket.destroy();
    else if (wrong === "truncate") {
      const whole = completion(received.body);
      response.writeHead(200, json).end(whole.slice(0, whole.length / 2));
    } else if (wrong !== undefined && "status" in wrong)
      response.writeHead(wrong.status, { ...json, ...wrong.headers }).end(wrong.body);
    else response.writeHead(200, json).end(completion(received.body, wrong));
  };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece) => {
      text += piece;
    });
    request.on("end", () => answer(request, response, text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
