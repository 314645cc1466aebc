import { parentPort } from "node:worker_threads";
import type { Engine } from "../engine.ts";
import { createEngine } from "../plan.ts";
import type { Answer, Request } from "./protocol.ts";

// Holds an engine for some of the chains and does what the driver's thread asks.
const port = parentPort!;
let engine: Engine | undefined;

port.on("message", async (request: Request) => {
  try {
    let answer: Answer = { ok: true };
    if (request.kind === "create") engine = await createEngine(request.plan, request.chains, request.seed);
    else if (request.kind === "transitions")
      answer = { ok: true, result: await engine!.transitions(request.request) };
    else if (request.kind === "state") answer = { ok: true, result: await engine!.state() };
    else if (request.kind === "restore") await engine!.restore(request.geometry, request.state);
    else await engine![request.kind](request.geometry);
    port.postMessage(answer);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ ok: false, name, message } satisfies Answer);
  }
});
