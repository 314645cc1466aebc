import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Error bodies as they were recorded from the service. */
export const RECORDED = {
  empty: `{"error":{"code":400,"message":"Comment must be non-empty.","status":"INVALID_ARGUMENT","details":[
 {"@type":"type.googleapis.com/google.commentanalyzer.v1alpha1.Error","errorType":"COMMENT_EMPTY"}]}}`,
  language: `{"error":{"code":400,"message":"Attribute SEXUALLY_EXPLICIT does not support request languages: om","status":"INVALID_ARGUMENT","details":[
 {"@type":"type.googleapis.com/google.commentanalyzer.v1alpha1.Error","errorType":"LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
  "languageNotSupportedByAttributeError":{"detectedLanguages":["om"],"attribute":"SEXUALLY_EXPLICIT"}}]}}`,
  quota: `{"error":{"code":429,"message":"Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'Analysis requests (AnalyzeComment) per minute' of service 'commentanalyzer.googleapis.com' for consumer 'project_number:1'.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com",
 "metadata":{"quota_limit_value":"6000","quota_limit":"AnalyzeRequestsPerMinutePerProject","consumer":"projects/1",
 "service":"commentanalyzer.googleapis.com","quota_location":"global","quota_metric":"CommentAnalyzerService/analyze_requests"}},
 {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Request a higher quota limit.","url":"https://cloud.google.com/docs/quota#requesting_higher_quota"}]}]}}`,
  badKey: `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[
 {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"commentanalyzer.googleapis.com"}}]}}`,
  tooLong: `{"error":{"code":400,"message":"Comment text was too many bytes. Value (23368) exceeded limit (20480).","status":"INVALID_ARGUMENT"}}`,
} as const;

export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly comment: { readonly text: string };
    readonly requestedAttributes: Readonly<Record<string, object>>;
    readonly languages: readonly string[];
    readonly doNotStore: boolean;
    readonly spanAnnotations?: boolean;
  };
}

/** What the server does with a request instead of scoring it. */
export type Fault =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | "break"
  | "truncate"
  | "drip"
  | "hang";

/** Score that the server gives: a number in [0, 1) of text and attribute. */
export function scoreOf(text: string, attribute: string): number {
  let state = 7;
  for (const character of text + attribute) state = (state * 31 + character.charCodeAt(0)) % 9973;
  return state / 9973;
}

export function responseTo({ body }: Pick<ReceivedRequest, "body">): string {
  const { text } = body.comment;
  const attributeScores = Object.fromEntries(
    Object.keys(body.requestedAttributes).map((name) => {
      const score = { value: scoreOf(text, name), type: "PROBABILITY" };
      // a begin of 0 is left out of the JSON
      const spanScores = body.spanAnnotations ? [{ end: text.length, score }] : undefined;
      return [name, { summaryScore: score, spanScores }];
    }),
  );
  return JSON.stringify({ attributeScores, languages: body.languages, detectedLanguages: ["en"] });
}

/** A local server that speaks AnalyzeComment's wire format; `fault` decides what goes wrong. */
export async function perspectiveServer(
  fault: (request: ReceivedRequest, number: number) => Fault | undefined = () => undefined,
  delay = 0,
): Promise<{
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Texts of requests that are left without an answer; whoever gives up waiting takes its own away. */
  readonly hanging: Set<string>;
  readonly breakConnections: () => void;
  readonly close: () => Promise<void>;
}> {
  const requests: ReceivedRequest[] = [];
  const hanging = new Set<string>();
  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const received = { url: request.url ?? "", headers: request.headers, body: JSON.parse(text) };
    requests.push(received);
    const wrong = fault(received, requests.length);
    const json = { "content-type": "application/json; charset=UTF-8" };
    if (wrong === "hang") hanging.add(received.body.comment.text);
    else if (wrong === "break") request.socket.destroy();
    else if (wrong === "truncate") {
      const whole = responseTo(received);
      response.writeHead(200, json).end(whole.slice(0, whole.length / 2));
    } else if (wrong === "drip") {
      // some bytes at each turn of the event loop
      response.writeHead(200, json);
      const whole = Buffer.from(responseTo(received));
      const drip = (from: number): void => {
        if (from >= whole.length) response.end();
        else {
          response.write(whole.subarray(from, from + 8));
          setImmediate(drip, from + 8);
        }
      };
      drip(0);
    } else if (wrong !== undefined)
      response.writeHead(wrong.status, { ...json, ...wrong.headers }).end(wrong.body);
    else response.writeHead(200, json).end(responseTo(received));
  };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece) => {
      text += piece;
    });
    request.on("end", () => setTimeout(answer, delay, request, response, text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    hanging,
    breakConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
