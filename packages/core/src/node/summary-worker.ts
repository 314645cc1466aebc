import { parentPort, workerData } from "node:worker_threads";
import { summarizeSource } from "../posterior/summarize.ts";
import { DrawsReader } from "./draws-reader.ts";
import type { SummaryAnswer, SummaryRequest } from "./summarize-file.ts";

// Summarises some of the variables of a file of draws.
const { file, variables }: SummaryRequest = workerData;
const say = (answer: SummaryAnswer): void => parentPort!.postMessage(answer);
const reader = await DrawsReader.open(file);
const { chains, draws } = reader;
const source = {
  variables: variables.map((v) => reader.variables[v]!),
  chains,
  draws,
  read: (i: number) => reader.read(variables[i]!),
};
const summaries = await summarizeSource(source, (done) => say({ done }));
say({ summaries });
await reader.close();
