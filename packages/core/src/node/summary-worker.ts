import { parentPort, workerData } from "node:worker_threads";
import { selectVariables } from "../posterior/draws.ts";
import { summarizeSource } from "../posterior/summarize.ts";
import { DrawsReader } from "./draws-reader.ts";
import { readAhead } from "./read-ahead.ts";
import type { SummaryAnswer, SummaryRequest } from "./summarize-file.ts";

// Summarises some of the variables of a file of draws.
const { file, variables }: SummaryRequest = workerData;
const say = (answer: SummaryAnswer): void => parentPort!.postMessage(answer);
const reader = await DrawsReader.open(file);
const source = selectVariables(readAhead(reader), variables);
const summaries = await summarizeSource(source, (done) => say({ done }));
say({ summaries });
await reader.close();
